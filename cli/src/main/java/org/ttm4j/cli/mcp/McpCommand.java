package org.ttm4j.cli.mcp;

import io.modelcontextprotocol.spec.McpSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.ttm4j.cli.command.Command;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;

/** {@code ttm mcp}: the tools of an assistant on standard streams. */
public final class McpCommand extends Command {
    private static final Option ALLOW = Option.repeatable("--allow", "DIR",
            "a folder whose files may be read; give it once for each");
    private static final Option LIMIT = new Option("--limit", "MB", "the largest file in megabytes (default: 50)");
    private static final int USUAL_LIMIT = 50;
    /** A call over HTTP has a quarter of the heap, half of it to read a table and half for what comes of that. */
    private static final int HEAP_PART = 8;
    private static final String MALFORMED = """
            {"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"expected a message of JSON-RPC 2.0 in one line"}}""";

    private final Program program;

    /** The program, which a tool runs. */
    @FunctionalInterface
    public interface Program {
        /** Runs a command with its arguments and returns its exit code. */
        int run(List<String> arguments, Console console);
    }

    public McpCommand(Program program) {
        super("mcp", "", "let an assistant forecast files, by the Model Context Protocol on standard streams", """
                An assistant starts this program and talks to it. Its tools are describe, forecast, find_anomalies,
                backtest and explain; each answers by structured content, text and a picture. Files are read below
                the folders of --allow alone, where what a symbolic link leads to counts. docs/serve.md shows how
                assistants are told of it; ttm serve --mcp DIR offers the same at /mcp.
                """);
        this.program = program;
    }

    @Override
    public List<Option> options() {
        return List.of(ALLOW, LIMIT);
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        if (arguments.optionalOperand() != null) throw new UsageException("expected no operand");
        List<Path> folders = new ArrayList<>();
        for (String name : arguments.all(ALLOW.name())) folders.add(console.path(name));
        if (folders.isEmpty()) throw new UsageException("expected a folder that may be read: --allow DIR");
        long megabytes = arguments.integer(LIMIT.name(), USUAL_LIMIT, 1, Integer.MAX_VALUE);
        McpMessages messages = new McpMessages(AllowedFolders.of(folders, megabytes * 1_000_000), program,
                console.memory());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        // One call works at a time, and other messages are answered meanwhile. Calls that wait at the end are answered too.
        try (ExecutorService calls = Executors.newSingleThreadExecutor()) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isBlank()) answer(line, messages, calls, console.out());
            }
        }
        return OK;
    }

    /** Writes the answer to a line; what is no message is answered by an error, and the lines behind it are read. */
    private static void answer(String line, McpMessages messages, ExecutorService calls, PrintStream out) {
        McpSchema.JSONRPCMessage message;
        try {
            message = McpMessages.read(line);
        } catch (UncheckedIOException | IllegalArgumentException malformed) {
            write(MALFORMED, out);
            return;
        }
        boolean isCall = message instanceof McpSchema.JSONRPCRequest request
                && request.method().equals(McpSchema.METHOD_TOOLS_CALL);
        Executor answering = isCall ? calls : Runnable::run;
        answering.execute(() -> write(answer(message, messages), out));
    }

    /** The answer to a message. Bad parameters are answered under the request's own id, for which its client waits. */
    private static String answer(McpSchema.JSONRPCMessage message, McpMessages messages) {
        try {
            return messages.answer(message);
        } catch (IllegalArgumentException invalid) {
            if (!(message instanceof McpSchema.JSONRPCRequest request)) return null;
            String problem = request.method() + ": its parameters are missing or of the wrong type";
            return McpMessages.text(McpSchema.JSONRPCResponse.error(request.id(),
                    new McpSchema.JSONRPCResponse.JSONRPCError(McpSchema.ErrorCodes.INVALID_PARAMS, problem)));
        }
    }

    /** Writes an answer, unless it is null, in one piece: two threads write. */
    private static void write(String answer, PrintStream out) {
        if (answer == null) return;
        out.print(answer + "\n");
        out.flush();
    }

    /** What answers a message over HTTP, for files below these folders; null is the answer where none is due. */
    public static UnaryOperator<String> overHttp(List<Path> folders, Program program) throws CommandException {
        return new McpMessages(AllowedFolders.of(folders, USUAL_LIMIT * 1_000_000L), program,
                Runtime.getRuntime().maxMemory() / HEAP_PART);
    }
}
