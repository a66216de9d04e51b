/** Peer: nginx forwarding with keep-alive, one worker. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { isInstalled } from "../machine.ts";
import { isOpen, startProgram } from "../process.ts";
import type { System } from "../system.ts";

export const nginx: System = {
  name: "nginx, keep-alive",
  expect: "untouched",
  isHere: () => isInstalled("nginx"),
  async start({ folder, upstream, core }) {
    const port = await freePort();
    const home = folder.folder("nginx");
    const file = join(home, "nginx.conf");
    writeFileSync(file, configuration(port, new URL(upstream).host, home));
    const program = {
      name: "nginx",
      command: "nginx",
      args: ["-p", home, "-c", file, "-e", join(home, "error.log")],
      folder: folder.path,
      core,
    };
    const running = await startProgram(program, () => isOpen(port));
    return { ...running, origin: `http://127.0.0.1:${port}`, admin: undefined };
  },
};

function configuration(port: number, upstream: string, home: string): string {
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${home}/${name};`);
  return `daemon off;
worker_processes 1;
pid ${home}/nginx.pid;
events { worker_connections 1024; }
http {
  ${folders.join("\n  ")}
  access_log off;
  keepalive_requests 1000000;
  upstream gateway { server ${upstream}; keepalive 64; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://gateway; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`;
}
