/** The catalogue over REST: which APIs there are and what each may answer. */
import { z } from "zod";
import { catalogueDate, operationNamed, operations } from "../../antom/catalogue/operations.ts";
import { codesOf, messageOf } from "../../antom/catalogue/result-codes.ts";
import { fail, ok } from "../actions/result.ts";
import { type ApiRoute, defineRoute } from "./define-route.ts";
import { codesAnswer, operationsAnswer } from "./views/answers.ts";

export const catalogueRoutes: readonly ApiRoute[] = [
  defineRoute({
    method: "GET",
    path: "/operations",
    id: "listOperations",
    summary: "The APIs that can be simulated",
    answer: operationsAnswer,
    handle: () =>
      ok({
        date: catalogueDate,
        operations: operations
          .filter((operation) => operation.kind === "call")
          .map(({ name, group, docsUrl }) => ({ name, group, docsUrl, codes: codesOf(name).codes.length, known: codesOf(name).known })),
      }),
  }),
  defineRoute({
    method: "GET",
    path: "/operations/{name}/codes",
    id: "listCodes",
    summary: "The result codes of an API",
    params: z.object({ name: z.string() }),
    answer: codesAnswer,
    handle({ params }) {
      if (operationNamed(params.name)?.kind !== "call") return fail("not-found", `there is no API \`${params.name}\``);
      const list = codesOf(params.name);
      const codes = list.codes.map((row) => {
        const { text, published } = messageOf(row);
        return { code: row.code, status: row.status, message: text, published };
      });
      return ok({ operation: params.name, known: list.known, codes });
    },
  }),
];
