// Reads requests as Azurite does, by Azurite's own modules: its express application up to the handler, which here tells what it
// would carry out, as JSON in the header x-parsed. Prints the port it listens on.
// usage: node azuriteparse.js FOLDER (the one that has node_modules/azurite)
"use strict";
const modules = process.argv[2] + "/node_modules/";
const blob = modules + "azurite/dist/src/blob/";
const express = require(modules + "express");
const BlobContext = require(blob + "context/BlobStorageContext").default;
const contextMiddleware = require(blob + "middlewares/blobStorageContext.middleware");
const MiddlewareFactory = require(blob + "generated/ExpressMiddlewareFactory").default;
const Operation = require(blob + "generated/artifacts/operation").default;
const { DEFAULT_CONTEXT_PATH } = require(blob + "utils/constants");
const { getTagsFromString } = require(blob + "utils/utils");

const silent = { error() {}, warn() {}, info() {}, verbose() {}, debug() {} };
const factory = new MiddlewareFactory(silent, DEFAULT_CONTEXT_PATH);
const app = express().disable("x-powered-by");

function tagsOf(request, parameters) {
  const body = parameters.options && parameters.options.tags;
  const set = body ? body : getTagsFromString(request.header("x-ms-tags"), "");
  return Object.fromEntries(((set && set.blobTagSet) || []).map((tag) => [tag.key, tag.value]));
}

function sourceOf(header) {
  if (header === undefined) return null;
  const url = new URL(header);
  const [account, container, name] = contextMiddleware.extractStoragePartsFromPath(url.hostname, url.pathname, true);
  return { account, container, blob: name, snapshot: url.searchParams.get("snapshot") || "", keys: [...url.searchParams.keys()], host: url.host };
}

function tell(response, parsed) {
  response.setHeader("x-parsed", Buffer.from(JSON.stringify(parsed)).toString("base64"));
  response.end();
}

app.use(contextMiddleware.default(true, true, false));
app.use(factory.createDispatchMiddleware());
app.use(factory.createDeserializerMiddleware());
app.use((request, response) => {
  const context = new BlobContext(response.locals, DEFAULT_CONTEXT_PATH);
  let tags = {};
  try {
    tags = tagsOf(request, context.handlerParameters);
  } catch (error) {
    return tell(response, { refused: String(error) }); // too many, too long
  }
  tell(response, {
    operation: Operation[context.operation], account: context.account, container: context.container, blob: context.blob,
    query: request.query, tags, source: sourceOf(request.header("x-ms-copy-source")),
  });
});
app.use((error, request, response, next) => {
  request.resume();
  tell(response, { refused: String(error.storageErrorCode || error.message) });
});

const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
server.keepAliveTimeout = 0;
