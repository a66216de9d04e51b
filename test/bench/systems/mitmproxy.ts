/** Peer: mitmproxy as a reverse proxy, forwarding, or signing again by an addon. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { isInstalled } from "../machine.ts";
import { isOpen, startProgram } from "../process.ts";
import type { Site, Started, System } from "../system.ts";

export const mitmproxyForward: System = {
  name: "mitmproxy",
  expect: "untouched",
  isHere: () => isInstalled("mitmdump"),
  start: (site) => startMitmdump("mitmproxy", undefined, site),
};

export const mitmproxyResign: System = {
  name: "mitmproxy addon, verify + sign",
  expect: "resigned",
  isHere: () => isInstalled("mitmdump"),
  start: (site) => startMitmdump("mitmproxy-addon", ADDON, site),
};

async function startMitmdump(name: string, addon: string | undefined, { folder, upstream, core }: Site): Promise<Started> {
  const port = await freePort();
  const home = folder.folder(name);
  const script = join(home, "addon.py");
  if (addon !== undefined) writeFileSync(script, addon);
  const where = ["--mode", `reverse:${upstream}`, "--listen-host", "127.0.0.1", "--listen-port", String(port)];
  const args = [...where, "--set", `confdir=${home}`, "--set", "flow_detail=0", "-q", ...(addon === undefined ? [] : ["-s", script])];
  const env = { GATEWAY_KEY: folder.files.gatewayPublic, OWN_KEY: folder.files.proxyPrivate };
  const running = await startProgram({ name, command: "mitmdump", args, folder: folder.path, core, env }, () => isOpen(port));
  return { ...running, origin: `http://127.0.0.1:${port}`, admin: undefined };
}

/** Uses the cryptography package that mitmproxy itself depends on. */
const ADDON = `import base64, os, urllib.parse
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

gateway = serialization.load_pem_public_key(open(os.environ["GATEWAY_KEY"], "rb").read())
own = serialization.load_pem_private_key(open(os.environ["OWN_KEY"], "rb").read(), None)

def response(flow):
    headers = flow.response.headers
    head = "POST %s\\n%s.%s." % (flow.request.path, headers["client-id"], headers["response-time"])
    content = head.encode() + flow.response.raw_content
    theirs = urllib.parse.unquote(headers["signature"].split("signature=")[1])
    gateway.verify(base64.b64decode(theirs), content, padding.PKCS1v15(), hashes.SHA256())
    ours = base64.b64encode(own.sign(content, padding.PKCS1v15(), hashes.SHA256())).decode()
    headers["signature"] = "algorithm=RSA256,keyVersion=1,signature=" + urllib.parse.quote(ours, safe="")
`;
