// Shows /openapi.json to people. Text goes into the page as text, never as markup.
"use strict";

const make = (name, attributes, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

// Words between backticks are code.
const prose = (text) => (text || "").split("`").map((part, place) => place % 2 ? make("code", {}, part) : part);

const named = (schema) => (schema && schema.$ref ? schema.$ref.split("/").pop() : null);

// A schema in words.
function words(schema) {
  if (!schema) return "";
  if (schema.$ref) return named(schema);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.anyOf) return schema.anyOf.map(words).join(" or ");
  if (schema.type === "array") return "list of " + words(schema.items);
  let text = [].concat(schema.type || "anything").join(" or ");
  if (schema.format) text = text.replace("string", schema.format);
  if (schema.minimum !== undefined && schema.maximum !== undefined && schema.maximum < 1e9) {
    text += ` ${schema.minimum} to ${schema.maximum}`;
  }
  if (schema.default !== undefined) text += `, else ${schema.default}`;
  return text;
}

const row = (cells, kind = "td") => make("tr", {}, ...cells.map((cell) => make(kind, {}, ...[].concat(cell))));

function table(head, rows) {
  return rows.length ? make("table", {}, row(head, "th"), ...rows) : null;
}

// The keys of an object, one a line; those of the schemas it names below it.
function keys(schema, api, seen = new Set()) {
  const parts = [];
  const whole = schema.$ref ? api.components.schemas[named(schema)] : schema;
  const required = whole.required || [];
  const rows = Object.entries(whole.properties || {}).map(([key, value]) =>
    row([make("code", {}, key), words(value) + (required.includes(key) ? "" : ", not always"),
      prose(value.description)]));
  if (rows.length) parts.push(table(["key", "value", ""], rows));
  for (const name of JSON.stringify(whole).matchAll(/#\/components\/schemas\/(\w+)/g)) {
    if (seen.has(name[1])) continue;
    seen.add(name[1]);
    parts.push(make("p", { class: "soft" }, `Each ${name[1]}:`), ...keys({ $ref: name[0] }, api, seen));
  }
  return parts;
}

// A form that asks the service for real, of routes that change nothing and need no token.
function trial(path, parameters) {
  const inputs = parameters.map((parameter) => make("input", { name: parameter.name, "aria-label": parameter.name }));
  const output = make("pre", { hidden: "" });
  const button = make("button", { type: "submit" }, "Ask");
  const form = make("form", {}, ...parameters.map((parameter, place) =>
    make("label", {}, parameter.name + " ", inputs[place])), button);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let target = path;
    const query = new URLSearchParams();
    parameters.forEach((parameter, place) => {
      const value = inputs[place].value;
      if (parameter.in === "path") target = target.replace(`{${parameter.name}}`, encodeURIComponent(value));
      else if (value) query.set(parameter.name, value);
    });
    const url = target + (query.size ? "?" + query : "");
    output.hidden = false;
    try {
      const answer = await fetch(url);
      let text = await answer.text();
      try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* no JSON */ }
      output.textContent = `GET ${url}\n${answer.status} ${answer.headers.get("content-type") || ""}\n\n`
        + text.slice(0, 20000);
    } catch (error) {
      output.textContent = `GET ${url}\n${error}`;
    }
  });
  return [form, output];
}

function route(path, method, operation, shared, api) {
  const parameters = [...(shared || []), ...(operation.parameters || [])];
  const body = operation.requestBody && operation.requestBody.content["application/json"].schema;
  const content = [];
  if (operation.description) content.push(make("p", {}, ...prose(operation.description)));
  content.push(table(["parameter", "value", ""], parameters.map((parameter) =>
    row([make("code", {}, parameter.name), words(parameter.schema), prose(parameter.description)]))));
  if (body) content.push(make("p", { class: "soft" }, "Body, JSON:"), ...keys(body, api));
  content.push(table(["status", "", ""], Object.entries(operation.responses).map(([status, answer]) =>
    row([make("code", {}, status), Object.keys(answer.content || {}).join(", "), prose(answer.description)]))));
  const good = operation.responses[200] && operation.responses[200].content;
  const schema = good && good["application/json"] && good["application/json"].schema;
  if (schema) content.push(...keys(schema, api));
  const isOpen = !operation.security || operation.security.some((way) => Object.keys(way).length === 0);
  if (method === "get" && isOpen) content.push(...trial(path, parameters));
  return make("details", {},
    make("summary", {}, make("b", {}, method.toUpperCase()), path + " ", make("span", {}, operation.summary)),
    make("div", {}, ...content));
}

async function show() {
  const api = await (await fetch("/openapi.json")).json();
  document.getElementById("about").prepend(...prose(api.info.description + " "));
  const routes = document.getElementById("routes");
  for (const tag of api.tags) {
    routes.append(make("h2", {}, tag.name), make("p", { class: "soft" }, ...prose(tag.description)));
    for (const [path, item] of Object.entries(api.paths)) {
      for (const method of ["get", "post"]) {
        const operation = item[method];
        if (operation && operation.tags.includes(tag.name)) {
          routes.append(route(path, method, operation, item.parameters, api));
        }
      }
    }
  }
}

show().catch((error) => { document.getElementById("about").textContent = `/openapi.json can't be read: ${error}`; });
