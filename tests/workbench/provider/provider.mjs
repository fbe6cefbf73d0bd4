// A provider of OpenID Connect that believes whatever name is typed, with pages of its own.
// Called as: node provider.mjs PORT REDIRECT_URI
import { generateKeyPairSync } from "node:crypto";
import http from "node:http";
import Provider from "oidc-provider";

const [port, back] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
const escaped = (text) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
const provider = new Provider(issuer, {
  clients: [{
    client_id: "workbench", client_secret: "not-a-secret-of-anyone", redirect_uris: [back],
    grant_types: ["authorization_code"], response_types: ["code"],
  }],
  jwks: { keys: [{ ...key, use: "sig", alg: "RS256", kid: "one" }] },
  cookies: { keys: ["of the tests alone"] },
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 60, Interaction: 600, Session: 600 },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: !id.startsWith("unverified") }),
  }),
});

async function body(request) {
  let text = "";
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

async function grant(client, account) {
  const made = new provider.Grant({ accountId: account, clientId: client });
  made.addOIDCScope("openid email");
  return made.save();
}

const pages = provider.callback();
http.createServer(async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return pages(request, response);
  try {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (request.method === "POST") {
      const account = (await body(request)).get("name");
      await provider.interactionFinished(request, response, {
        login: { accountId: account }, consent: { grantId: await grant(params.client_id, account) },
      });
    } else if (prompt.name === "consent") {
      await provider.interactionFinished(request, response, {
        consent: { grantId: await grant(params.client_id, session.accountId) },
      });
    } else {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(`<!doctype html><html lang="en"><title>Who are you?</title>
<form method="post" action="${escaped(request.url)}"><label>Name <input name="name" required autofocus></label><button>Sign in</button></form></html>`);
    }
  } catch (error) {
    response.statusCode = 400;
    response.end(String(error));
  }
}).listen(Number(port), "localhost", () => console.log(`ready ${issuer}`));
