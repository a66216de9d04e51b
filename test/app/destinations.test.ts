import t from "tap";
import { uploadOrigin } from "../../src/antom/hosts.ts";
import { createDestinationFor } from "../../src/app/destinations.ts";
import type { Destination } from "../../src/ports/ports.ts";
import { arrival, identity } from "../helpers/call-record.ts";

const SEA = "https://open-sea-global.alipay.com";
const gateway = {
  destination: (asked: ReturnType<typeof identity>, upstream: string): Destination => ({
    origin: asked.operation === "billing.product.uploadImage" ? uploadOrigin(upstream) : upstream,
    protocol: "http1",
  }),
};

t.test("a call goes to the upstream that was set, one through a tunnel to the gateway it was opened to", async (t) => {
  const destinationFor = createDestinationFor({ gateway, upstream: SEA, standIn: false });
  t.equal(destinationFor(identity(), arrival()).origin, SEA);
  t.equal(destinationFor(identity(), arrival({ way: "connect", tunnelTo: "open-na.alipay.com:443" })).origin, "https://open-na.alipay.com");
});

t.test("an upload goes to the upload host of its region", async (t) => {
  const destinationFor = createDestinationFor({ gateway, upstream: SEA, standIn: false });
  const upload = identity({ operation: "billing.product.uploadImage" });
  t.equal(destinationFor(upload, arrival()).origin, "https://open-big-sea.alipay.com");
  t.equal(destinationFor(upload, arrival({ tunnelTo: "open-de-global.alipay.com:443" })).origin, "https://open-big-de-global.alipay.com");
  t.equal(uploadOrigin("http://127.0.0.1:9000"), "http://127.0.0.1:9000", "an unknown gateway serves its uploads itself");
  t.equal(uploadOrigin("https://open-na.alipay.com:8443"), "https://open-na.alipay.com:8443");
});

t.test("with the stand-in as upstream nothing leaves the machine, tunnels included", async (t) => {
  const destinationFor = createDestinationFor({ gateway, upstream: "http://127.0.0.1:9", standIn: true });
  t.equal(destinationFor(identity(), arrival({ tunnelTo: "open-na.alipay.com:443" })).origin, "http://127.0.0.1:9");
});
