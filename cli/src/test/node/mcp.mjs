// A client of the TypeScript SDK: node mcp.mjs stdio COMMAND ARGS… | http URL; calls come as lines of JSON on standard
// input, {"name": …, "arguments": {…}}, and answers go as lines to standard output, the list of tools first.
import { createInterface } from "node:readline";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [kind, place, ...args] = process.argv.slice(2);
const client = new Client({ name: "test", version: "1" });
await client.connect(kind === "stdio"
    ? new StdioClientTransport({ command: place, args })
    : new StreamableHTTPClientTransport(new URL(place)));
console.log(JSON.stringify(await client.listTools()));
for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await client.callTool(JSON.parse(line), undefined, { timeout: 300000 })));
}
await client.close();
