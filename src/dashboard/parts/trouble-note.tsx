/** What went wrong with an action, beside its button. */
import type { JSX } from "preact";
import { ProblemsBanner, withCode } from "./problems-banner.tsx";
import type { Trouble } from "./use-action.ts";

export function TroubleNote({ trouble }: { readonly trouble: Trouble | undefined }): JSX.Element | null {
  if (trouble === undefined) return null;
  if (trouble.problems.length > 0) return <ProblemsBanner title={trouble.message} problems={trouble.problems} />;
  return (
    <p class="trouble" role="alert">
      {withCode(trouble.message)}
    </p>
  );
}
