/** The login: a form that asks for the token and opens a session, for browsers, which send no bearer header. */
import { type AdminApp, type AdminContext, addRoute } from "../api/route.ts";
import type { Sessions } from "./session.ts";
import type { TokenGuesses } from "./token-guesses.ts";

/** Adds `/login` and `/logout`. A right token leads to the page, a wrong one back to the form, late. */
export function addLoginRoutes(app: AdminApp, sessions: Sessions, guesses: TokenGuesses): void {
  addRoute(app, "/login.css", { GET: (context) => context.body(STYLE, 200, { "content-type": "text/css; charset=utf-8" }) });
  addRoute(app, "/login", {
    GET: (context) => context.html(form("")),
    POST: async (context) => {
      const address = remoteAddressOf(context);
      if (!guesses.mayTry(address)) return context.html(form("Too many wrong tokens: wait a moment."), 429, { "retry-after": "2" });
      const cookie = sessions.open(await tokenOf(context));
      if (cookie !== undefined) return context.body(null, 303, { location: "/", "set-cookie": cookie });
      await guesses.wrong(address);
      return context.html(form("That is not the token."), 401);
    },
  });
  addRoute(app, "/logout", {
    POST: (context) => context.json({}, 200, { "set-cookie": sessions.close(context.req.header("cookie")) }),
  });
}

/** The address that the client came from. */
export function remoteAddressOf(context: AdminContext): string {
  return context.env.incoming.socket.remoteAddress ?? "";
}

async function tokenOf(context: AdminContext): Promise<string> {
  const body = await context.req.parseBody();
  return typeof body["token"] === "string" ? body["token"].trim() : "";
}

/** The form has no `action`, so that it is sent to the address it came from with its fragment, which a browser carries on to the page. */
function form(alert: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>antom-fault-proxy</title><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/login.css"></head>
<body><main>
<h1>antom-fault-proxy</h1>
<form method="post">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus aria-describedby="hint">
<p id="hint">It was made on the first start and is in the file <code>admin-token</code> of the data folder.</p>
<p role="alert">${alert}</p>
<button>Log in</button>
</form>
</main></body>
</html>
`;
}

const STYLE = `:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; display: grid; min-height: 100vh; place-items: center; }
main { width: min(22rem, 100vw - 2rem); }
h1 { font-size: 1.1rem; }
label { font-weight: 600; }
input, button { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem .75rem; margin-block: .25rem; }
#hint { font-size: .875rem; margin-block: .25rem; }
[role=alert] { color: light-dark(#b3261e, #ffb4ab); margin-block: .25rem; min-height: 1.5em; }
`;
