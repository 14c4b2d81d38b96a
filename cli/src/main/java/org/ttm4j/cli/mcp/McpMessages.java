package org.ttm4j.cli.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.ttm4j.cli.command.Command;
import reactor.core.publisher.Mono;

/**
 * Answers messages of the protocol by its SDK, each on its own, without sessions; null is the answer where none is due. On
 * standard streams a message is a line, over HTTP a body of the transport Streamable HTTP. Thread-safe.
 */
final class McpMessages implements McpStatelessServerTransport, UnaryOperator<String> {
    private McpStatelessServerHandler handler;

    McpMessages(AllowedFolders folders, McpCommand.Program program, long memory) {
        McpTools tools = new McpTools(folders, program, memory);
        McpServer.StatelessSyncSpecification server = McpServer.sync(this)
                .serverInfo("ttm4j", Command.version())
                .instructions(McpTools.INSTRUCTIONS)
                .capabilities(McpSchema.ServerCapabilities.builder().tools(false).build())
                .jsonMapper(McpTools.JSON)
                .jsonSchemaValidator(McpTools.UNCHECKED);
        tools.tools().forEach(tool -> server.toolCall(tool, (context, request) -> tools.call(request)));
        server.build();
    }

    @Override
    public void setMcpHandler(McpStatelessServerHandler newHandler) {
        handler = newHandler;
    }

    /** All of the SDK's. Its servers without sessions leave out the first, which clients on standard streams ask for. */
    @Override
    public List<String> protocolVersions() {
        return List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");
    }

    /**
     * Answers a message.
     *
     * @throws UncheckedIOException when it is no message of JSON-RPC
     * @throws IllegalArgumentException when it lacks a part
     */
    @Override
    public String apply(String body) {
        return answer(read(body));
    }

    /** The message of a text; throws as {@link #apply} does. */
    static McpSchema.JSONRPCMessage read(String body) {
        try {
            return McpSchema.deserializeJsonRpcMessage(McpTools.JSON, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NullPointerException absent) {
            throw new IllegalArgumentException("the message is null", absent); // which the SDK does not expect
        }
    }

    /** Answers a message; throws IllegalArgumentException when its parameters are none of its method. */
    String answer(McpSchema.JSONRPCMessage message) {
        try {
            if (message instanceof McpSchema.JSONRPCRequest request) {
                return text(handler.handleRequest(McpTransportContext.EMPTY, request).block());
            }
            if (message instanceof McpSchema.JSONRPCNotification notification) {
                handler.handleNotification(McpTransportContext.EMPTY, notification).block();
            }
            return null;
        } catch (NullPointerException absent) {
            throw new IllegalArgumentException("the message lacks a part", absent); // such as the parameters of a call
        }
    }

    /** The text of an answer. */
    static String text(McpSchema.JSONRPCResponse answer) {
        try {
            return McpTools.JSON.writeValueAsString(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }
}
