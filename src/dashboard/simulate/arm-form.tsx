/** Chooses an API, one of its result codes and a length of time, and switches the simulation on. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { OperationsAnswer } from "../../admin/api/views/answers.ts";
import { client } from "../client.ts";
import { TroubleNote } from "../parts/trouble-note.tsx";
import { useAction } from "../parts/use-action.ts";
import { useLoaded } from "../parts/use-loaded.ts";
import { ApiPicker } from "./api-picker.tsx";
import { CodePicker } from "./code-picker.tsx";
import { DurationPicker } from "./duration-picker.tsx";

interface ArmProps {
  readonly operations: OperationsAnswer["operations"];
  readonly onArmed: () => void;
}

export function ArmForm({ operations, onArmed }: ArmProps): JSX.Element {
  const [operation, setOperation] = useState("pay");
  const [code, setCode] = useState<string | undefined>();
  const [duration, setDuration] = useState("30m");
  const [said, setSaid] = useState("");
  const codes = useLoaded(() => client.codes(operation), { key: operation });
  const action = useAction();
  const choose = (name: string): void => {
    setOperation(name);
    setCode(undefined);
    action.clear();
  };
  const arm = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (code === undefined) return;
    const length = duration === "" ? {} : { duration };
    const armed = await action.run(() => client.arm({ operation, code, ...length }));
    setSaid(armed ? `${operation} now answers ${code}` : "");
    onArmed();
  };
  return (
    <form class="arm" onSubmit={(event) => void arm(event)}>
      <ApiPicker operations={operations} chosen={operation} onChoose={choose} />
      <CodePicker codes={codes} chosen={code} onChoose={setCode} />
      <DurationPicker chosen={duration} onChoose={setDuration} />
      <TroubleNote trouble={action.trouble} />
      <button type="submit" class="primary" disabled={code === undefined || action.busy}>
        {code === undefined ? "Choose a result code" : `Switch on ${code}`}
      </button>
      <p class="hidden" role="status">
        {said}
      </p>
    </form>
  );
}
