package org.ttm4j.cli.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.ttm4j.cli.command.Command;
import reactor.core.publisher.Mono;

/** The servers of the protocol's SDK, with the same tools. */
final class McpServers {
    private static final String NAME = "ttm4j";
    private static final McpSchema.ServerCapabilities CAPABILITIES = McpSchema.ServerCapabilities.builder()
            .tools(false)
            .build();

    private McpServers() {}

    /** Serves until standard input ends. */
    static void onStandardStreams(AllowedFolders folders, McpCommand.Program program) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        InputStream in = new FilterInputStream(System.in) {
            /** Sees the end of the input: the decoder of the SDK, its only reader, reads arrays. */
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, length);
                if (count < 0) ended.countDown();
                return count;
            }
        };
        McpTools tools = new McpTools(folders, program);
        McpServer.SyncSpecification<?> server = McpServer
                .sync(new StdioServerTransportProvider(McpTools.JSON, in, System.out))
                .serverInfo(NAME, Command.version())
                .instructions(McpTools.INSTRUCTIONS)
                .capabilities(CAPABILITIES)
                .jsonMapper(McpTools.JSON)
                .jsonSchemaValidator(McpTools.UNCHECKED);
        tools.tools().forEach(tool -> server.toolCall(tool, (exchange, request) -> tools.call(request)));
        McpSyncServer running = server.build();
        try {
            ended.await();
        } finally {
            running.closeGracefully();
        }
    }

    /** Answers one message at a time, without sessions: the transport Streamable HTTP without streamed answers. */
    static UnaryOperator<String> overHttp(AllowedFolders folders, McpCommand.Program program) {
        McpTools tools = new McpTools(folders, program);
        Messages messages = new Messages();
        McpServer.StatelessSyncSpecification server = McpServer.sync(messages)
                .serverInfo(NAME, Command.version())
                .instructions(McpTools.INSTRUCTIONS)
                .capabilities(CAPABILITIES)
                .jsonMapper(McpTools.JSON)
                .jsonSchemaValidator(McpTools.UNCHECKED);
        tools.tools().forEach(tool -> server.toolCall(tool, (context, request) -> tools.call(request)));
        server.build();
        return messages;
    }

    private static final class Messages implements McpStatelessServerTransport, UnaryOperator<String> {
        private McpStatelessServerHandler handler;

        @Override
        public void setMcpHandler(McpStatelessServerHandler newHandler) {
            handler = newHandler;
        }

        @Override
        public String apply(String body) {
            try {
                McpSchema.JSONRPCMessage message = McpSchema.deserializeJsonRpcMessage(McpTools.JSON, body);
                if (message instanceof McpSchema.JSONRPCRequest request) {
                    return McpTools.JSON
                            .writeValueAsString(handler.handleRequest(McpTransportContext.EMPTY, request).block());
                }
                if (message instanceof McpSchema.JSONRPCNotification notification) {
                    handler.handleNotification(McpTransportContext.EMPTY, notification).block();
                }
                return null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (NullPointerException absent) {
                // The SDK takes it that a message is no null, and a call has parameters.
                throw new IllegalArgumentException("the message lacks a part", absent);
            }
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }
    }
}
