/** The Model Context Protocol: what an assistant may ask of the program, on standard streams and over HTTP. */
package org.ttm4j.cli.mcp;
