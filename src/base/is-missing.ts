/** Whether a path does not exist. */
import { stat } from "node:fs/promises";
import { errorCode } from "./error-code.ts";

/** True: the path does not exist, or is a dangling link. A path that exists but cannot be read is not missing. */
export async function isMissing(path: string): Promise<boolean> {
  return await stat(path).then(
    () => false,
    (error: unknown) => errorCode(error) === "ENOENT",
  );
}
