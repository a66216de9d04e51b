/** Chooses an API, one of its result codes and a length of time, and switches the simulation on. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { CodesAnswer, OperationsAnswer } from "../../admin/api/views/answers.ts";
import { client } from "../client.ts";
import { TroubleNote } from "../parts/trouble-note.tsx";
import { useAction } from "../parts/use-action.ts";
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
  const codes = useCodes(operation);
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
      <CodePicker answer={codes} chosen={code} onChoose={setCode} />
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

/** The codes of an operation; undefined while they come. */
function useCodes(operation: string): CodesAnswer | undefined {
  const [answer, setAnswer] = useState<CodesAnswer | undefined>();
  useEffect(() => {
    let wanted = true;
    setAnswer(undefined);
    client.codes(operation).then(
      (loaded) => wanted && setAnswer(loaded),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [operation]);
  return answer;
}
