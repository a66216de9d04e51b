import t from "tap";
import { gatewayHosts, isGatewayName, uploadOrigin } from "../../src/antom/hosts.ts";

t.test("the gateways of all regions are known, that for merchants in the United States included", async (t) => {
  for (const host of [
    "open-na-global.alipay.com",
    "open-sea.alipay.com",
    "open-eu.alipay.com",
    "open.antglobal-us.com",
    "open-big-sea.alipay.com",
  ]) {
    t.ok(gatewayHosts.includes(host), host);
  }
  t.equal(new Set(gatewayHosts).size, gatewayHosts.length, "each once");
});

t.test("a new region's gateway is told by its name, and no other host of Alipay's", async (t) => {
  for (const host of [
    "open-xx-global.alipay.com",
    "open-big-xx.alipay.com",
    "open.antglobal-eu.com",
    "open-na.antglobal-us.com",
    "open.antglobal.com",
  ]) {
    t.ok(isGatewayName(host), host);
  }
  for (const host of [
    "open.alipay.com",
    "docs.alipay.com",
    "open-na.alipay.com.example.com",
    "open-na.example.com",
    "xopen-na.alipay.com",
    "antglobal-us.com",
  ]) {
    t.notOk(isGatewayName(host), host);
  }
});

t.test("uploads go to the region's own host, and where none is known to the gateway itself", async (t) => {
  t.equal(uploadOrigin("https://open-na-global.alipay.com"), "https://open-big-na.alipay.com");
  t.equal(uploadOrigin("https://open.antglobal-us.com"), "https://open.antglobal-us.com");
  t.equal(uploadOrigin("https://open-na-global.alipay.com:8443"), "https://open-na-global.alipay.com:8443");
});
