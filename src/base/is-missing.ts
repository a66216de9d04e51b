/** Whether a path leads to nothing. */
import { stat } from "node:fs/promises";
import { errorCode } from "./error-code.ts";

/** True: nothing of this name exists, or it is a link that points nowhere. What exists and cannot be looked at is not missing. */
export async function isMissing(path: string): Promise<boolean> {
  return await stat(path).then(
    () => false,
    (error: unknown) => errorCode(error) === "ENOENT",
  );
}
