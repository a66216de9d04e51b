/** Runs asynchronous tasks one after the other, in the order in which they were added. */

/** Runs `task` after all tasks added earlier, also after those that failed; resolves or rejects as the task does. */
export type TaskQueue = <T>(task: () => Promise<T>) => Promise<T>;

/** An empty queue. */
export function createTaskQueue(): TaskQueue {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task);
    last = next.catch(() => undefined);
    return next;
  };
}
