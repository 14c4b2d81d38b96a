/** The command-line program: the only module that prints or exits. */
module org.ttm4j.cli {
    requires java.logging;
    requires org.ttm4j.eval;
    /** Pictures in PNG; loaded when one is drawn. */
    requires java.desktop;
    requires org.ttm4j.jdbc;
    requires org.ttm4j.serve;
    /** The Model Context Protocol; loaded by ttm mcp and ttm serve --mcp alone. */
    requires io.modelcontextprotocol.sdk.mcp.core;
    requires io.modelcontextprotocol.sdk.mcp.json.jackson2;
    requires com.fasterxml.jackson.databind;
    requires reactor.core;
}
