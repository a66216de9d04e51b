/** A Problem as JSON. */
import { z } from "zod";

export const problemView = z
  .object({
    file: z.string(),
    line: z.number().optional(),
    column: z.number().optional(),
    message: z.string(),
    remedy: z.string().optional(),
    frame: z.string().optional().describe("the lines around it, with a caret under the place"),
  })
  .meta({ id: "Problem" });

export type ProblemView = z.infer<typeof problemView>;
