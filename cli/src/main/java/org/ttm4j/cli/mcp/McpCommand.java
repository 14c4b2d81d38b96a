package org.ttm4j.cli.mcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    /** Messages that are being answered, of which all but one are short or wait. */
    private static final int MOST_AT_A_TIME = 16;
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
        UnaryOperator<String> messages = new McpMessages(AllowedFolders.of(folders, megabytes * 1_000_000), program);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        // One call works at a time, and a short message is answered meanwhile. What has been asked is answered at the end too.
        try (ExecutorService answering = Executors.newFixedThreadPool(MOST_AT_A_TIME)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String message = line;
                if (!message.isBlank()) answering.execute(() -> answer(message, messages, console.out()));
            }
        }
        return OK;
    }

    /** Writes the answer to a line; what is no message is answered by an error, and the lines behind it are read. */
    private static void answer(String line, UnaryOperator<String> messages, PrintStream out) {
        String answer;
        try {
            answer = messages.apply(line);
        } catch (UncheckedIOException | IllegalArgumentException malformed) {
            answer = MALFORMED;
        }
        if (answer == null) return;
        synchronized (out) {
            out.print(answer + "\n");
            out.flush();
        }
    }

    /** What answers a message over HTTP, for files below these folders; null is the answer where none is due. */
    public static UnaryOperator<String> overHttp(List<Path> folders, Program program) throws CommandException {
        return new McpMessages(AllowedFolders.of(folders, USUAL_LIMIT * 1_000_000L), program);
    }
}
