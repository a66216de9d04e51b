/** The time, once a second. */
import { useEffect, useState } from "preact/hooks";

/** Epoch milliseconds of this machine, changing every second while the component is shown. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
