package org.ttm4j.cli.mcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ttm4j.cli.columns.SeriesOptions;
import org.ttm4j.cli.command.AnomaliesCommand;
import org.ttm4j.cli.command.BacktestCommand;
import org.ttm4j.cli.command.Command;
import org.ttm4j.cli.command.ExplainCommand;
import org.ttm4j.cli.command.ForecastCommand;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.UsageException;
import org.ttm4j.cli.report.ForecastPicture;
import org.ttm4j.data.grid.CsvFile;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.DataException;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.eval.plot.ForecastPanel;
import org.ttm4j.eval.plot.Panel;
import org.ttm4j.ttm.io.Json;

/**
 * The tools of an assistant: each runs a command of the program on a file, and answers by its table as structured content and
 * text, with its picture. Errors are answers too, so that the assistant can correct its call. One call works at a time.
 * Thread-safe.
 */
final class McpTools {
    static final McpJsonMapper JSON = new JacksonMcpJsonMapper(new ObjectMapper());
    /** No check by the schema: the command line checks arguments, and its messages say what to do. */
    static final JsonSchemaValidator UNCHECKED = (schema, value) -> JsonSchemaValidator.ValidationResponse
            .asValid(null);
    static final String INSTRUCTIONS = "Forecasts time series in files, by Tiny Time Mixers. Begin with describe: without "
            + "a file it lists the files that may be read, with one it names its columns. A message that names an option "
            + "such as --horizon means the argument horizon.";

    private static final int MOST_ROWS = 5_000;
    private static final int LONGEST_TEXT = 60_000;
    /** The columns of a row, and of the series of a file, are as many as a file has: these bound them all together. */
    private static final int MOST_CHARACTERS = 4_000_000;
    private static final int MOST_CHANNELS = 20_000;
    private static final int MOST_SERIES = 50;
    private static final int MOST_PANELS = 12;
    /** What a command says of its own run: its files, which nobody sees, and how far it is. */
    private static final String OF_THE_RUN = "(picture|table): .*|\\d+ of \\d+ .* left";
    /** The options for reading a file, which all commands have. */
    private static final List<Option> READING = Stream
            .concat(Stream.of(SeriesOptions.TIME, SeriesOptions.ID), SeriesOptions.FOUND.stream())
            .toList();
    private static final List<String> COMMON = List.of("--time", "--id", "--frequency", "--resample", "--fill",
            "--timezone", "--date-format");
    private static final List<Tool> TOOLS = List.of(
            new Tool("describe", "Says what series a file has, or, without a file, which files there are.", null,
                    List.of()),
            new Tool("forecast", "Forecasts the series of a file.", new ForecastCommand(),
                    List.of("--target", "--horizon", "--quantiles", "--mode", "--season", "--lower", "--integer")),
            new Tool("find_anomalies", "Finds values outside the intervals that were forecast for them.",
                    new AnomaliesCommand(), List.of("--target", "--level", "--mode", "--season", "--start")),
            new Tool("backtest", "Measures forecasts of the past of the series, beside simple ones.",
                    new BacktestCommand(),
                    List.of("--target", "--horizon", "--stride", "--levels", "--mode", "--season")),
            new Tool("explain", "Says which stretches of the history a forecast rests on.", new ExplainCommand(),
                    List.of("--target", "--step", "--length")));

    private final AllowedFolders folders;
    private final McpCommand.Program program;
    private final long memory;
    private final ReentrantLock turn = new ReentrantLock();

    /** @param memory bytes that reading a table may take, and what comes of it as many */
    McpTools(AllowedFolders folders, McpCommand.Program program, long memory) {
        this.folders = folders;
        this.program = program;
        this.memory = memory;
    }

    /** A tool and the command that it runs; null for the description. */
    private record Tool(String name, String description, Command command, List<String> own) {
        Map<String, Option> options() {
            List<Option> known = command == null ? READING : command.options();
            return Stream.concat(COMMON.stream(), own.stream())
                    .map(name -> known.stream().filter(option -> option.name().equals(name)).findFirst().orElseThrow())
                    .collect(Collectors.toMap(option -> option.name().substring(2).replace('-', '_'),
                            Function.identity(), (a, b) -> a, LinkedHashMap::new));
        }

        McpSchema.Tool schema() {
            Map<String, Object> properties = new LinkedHashMap<>();
            properties.put("file", Map.of("type", "string", "description", "path of the file"));
            options().forEach(
                    (name, option) -> properties.put(name, Map.of("type", type(option), "description", option.help())));
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "object");
            schema.put("properties", properties);
            schema.put("required", command == null ? List.of() : List.of("file"));
            schema.put("additionalProperties", false);
            return McpSchema.Tool.builder(name, schema)
                    .description(description)
                    .annotations(McpSchema.ToolAnnotations.builder().readOnlyHint(true).openWorldHint(false).build())
                    .build();
        }

        private static String type(Option option) {
            if (option.isFlag()) return "boolean";
            return switch (option.value()) {
                case "N" -> "integer";
                case "P", "X" -> "number";
                default -> "string";
            };
        }
    }

    /** What the protocol calls each tool by. */
    List<McpSchema.Tool> tools() {
        return TOOLS.stream().map(Tool::schema).toList();
    }

    /** Runs a tool, once those before are done. */
    McpSchema.CallToolResult call(McpSchema.CallToolRequest request) {
        Tool tool = TOOLS.stream().filter(one -> one.name.equals(request.name())).findFirst().orElseThrow();
        Map<String, Object> arguments = request.arguments() == null ? Map.of() : request.arguments();
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            return failure("interrupted");
        }
        try {
            Path work = Files.createTempDirectory("ttm-mcp");
            try {
                return answer(tool, arguments, work);
            } finally {
                try (Stream<Path> files = Files.list(work)) {
                    for (Path file : files.toList()) Files.delete(file);
                }
                Files.delete(work);
            }
        } catch (IOException e) {
            return failure(e.getMessage());
        } catch (StackOverflowError | OutOfMemoryError e) {
            // The SDK answers nothing then, and its client would wait for ever.
            return failure("this takes more memory than there is: " + e);
        } finally {
            turn.unlock();
        }
    }

    private static McpSchema.CallToolResult failure(String message) {
        return McpSchema.CallToolResult.builder().addTextContent(message).isError(true).build();
    }

    private McpSchema.CallToolResult answer(Tool tool, Map<String, Object> arguments, Path work) throws IOException {
        List<String> words = words(tool, arguments);
        Object named = arguments.get("file");
        if (named == null && tool.command == null) return success(Map.of("files", folders.files()), null);
        if (!(named instanceof String name)) throw new UsageException("file: expected the path of a file");
        Path file = folders.file(name);
        Path picture = work.resolve("picture.png");
        if (tool.command == null) return describe(words, name, file, picture);
        Path out = work.resolve("rows.jsonl");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        words.add(0, tool.command.name);
        boolean isTable = tool.command instanceof ForecastCommand || tool.command instanceof AnomaliesCommand;
        words.addAll(isTable ? List.of("--out", out.toString()) : List.of("--json"));
        words.addAll(List.of("--plot", picture.toString(), "--", file.toString()));
        int code;
        try (PrintStream standard = new PrintStream(printed, false, StandardCharsets.UTF_8);
                PrintStream errors = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            code = program.run(words, new Console(standard, errors, false, work, memory));
        }
        List<String> notes = said.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.matches(OF_THE_RUN))
                .map(line -> line.replace(file.toString(), name).replaceFirst(" \\(ttm \\w+ --help explains\\)$", ""))
                .toList();
        boolean hasAnswer = isTable ? Files.exists(out) : printed.size() > 0;
        if (code != Command.OK && !hasAnswer) return failure(String.join("\n", notes));
        Map<String, Object> json = new LinkedHashMap<>();
        if (isTable) {
            rows(out, json);
        } else {
            json.putAll(
                    JSON.readValue(printed.toString(StandardCharsets.UTF_8), new TypeRef<Map<String, Object>>() {}));
            prune(json);
        }
        json.put("notes", notes);
        return success(json, picture);
    }

    /** The words of the command line: each option with its value in one, so that no value is read as another option. */
    private static List<String> words(Tool tool, Map<String, Object> arguments) throws UsageException {
        Map<String, Option> options = tool.options();
        List<String> words = new ArrayList<>();
        for (Map.Entry<String, Object> argument : arguments.entrySet()) {
            Option option = options.get(argument.getKey());
            Object value = argument.getValue();
            if (argument.getKey().equals("file") || value == null) continue;
            if (option == null) {
                throw new UsageException("unknown argument " + Printable.quoted(argument.getKey()) + ": expected file, "
                        + String.join(", ", new TreeSet<>(options.keySet())));
            }
            if (option.isFlag()) {
                if (!List.of("true", "false").contains(value.toString())) {
                    throw new UsageException(argument.getKey() + ": expected true or false, found "
                            + Printable.quoted(value.toString()));
                }
                if (value.toString().equals("true")) words.add(option.name());
            } else {
                String text = value instanceof Collection<?> list
                        ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                        : String.valueOf(value);
                words.add(option.name() + "=" + (value instanceof Double ? text.replaceFirst("\\.0$", "") : text));
            }
        }
        return words;
    }

    private McpSchema.CallToolResult describe(List<String> words, String name, Path file, Path picture)
            throws IOException {
        try {
            CsvFile csv = CsvReader.read(Files.newInputStream(file), file.toString(),
                    SeriesOptions.of(Arguments.parse(words, READING)), memory);
            TimeSeries first = csv.series().get(0);
            new ForecastPicture("Series", name,
                    first.axis().readableAt(0) + " to " + first.axis().readableAt(first.length() - 1L), panels(csv))
                    .write(picture);
            return success(described(csv), picture);
        } catch (DataException e) {
            return failure(e.getMessage().replace(file.toString(), name));
        }
    }

    /** What a file holds: its series, columns and times, and what had to be repaired. */
    private static Map<String, Object> described(CsvFile csv) {
        int most = Math.clamp(MOST_CHANNELS / csv.series().get(0).channels().size(), 1, MOST_SERIES);
        return Json.object("time", csv.layout().time(), "id", csv.layout().id(), "columns", csv.layout().columns(),
                "count", csv.series().size(), "series",
                csv.series().stream().limit(most).map(McpTools::described).toList(), "repaired",
                csv.report().lines().toList(), "rejected",
                csv.rejected().stream().limit(MOST_SERIES).map(Throwable::getMessage).toList());
    }

    private static Map<String, Object> described(TimeSeries series) {
        Map<String, Object> json = Json.object("id", series.id(), "rows", series.length(), "frequency",
                series.axis().frequency().toString(), "first", series.axis().labelAt(0), "last",
                series.axis().labelAt(series.length() - 1L));
        List<Object> channels = new ArrayList<>();
        for (int c = 0; c < series.channels().size(); c++) {
            DoubleSummaryStatistics values = Arrays.stream(series.doubleChannel(c))
                    .filter(Double::isFinite)
                    .summaryStatistics();
            Map<String, Object> channel = Json.object("name", series.channels().get(c), "missing",
                    series.length() - values.getCount());
            if (values.getCount() > 0) {
                channel.put("min", values.getMin());
                channel.put("mean", values.getAverage());
                channel.put("max", values.getMax());
            }
            channels.add(channel);
        }
        json.put("channels", channels);
        return json;
    }

    private static List<Panel> panels(CsvFile csv) {
        List<Panel> panels = new ArrayList<>();
        for (TimeSeries series : csv.series()) {
            if (panels.size() == MOST_PANELS) break;
            for (int c = 0; c < series.channels().size() && panels.size() < MOST_PANELS; c++) {
                panels.add(ForecastPanel.line(ForecastPanel.titled(series, series.channels().get(c)), series.axis(), 0,
                        ForecastPanel.HISTORY, null, series.doubleChannel(c)));
            }
        }
        return panels;
    }

    private static void rows(Path file, Map<String, Object> json) throws IOException {
        List<Object> rows = new ArrayList<>();
        int leftOut = 0;
        long characters = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                characters += line.length();
                if (rows.size() == MOST_ROWS || characters > MOST_CHARACTERS) leftOut++;
                else rows.add(JSON.readValue(line, Map.class));
            }
        }
        json.put("rows", rows);
        if (leftOut > 0) json.put("rows_left_out", leftOut);
    }

    /** Removes the rows of an explanation: they are too many for an assistant, and the picture shows them. */
    private static void prune(Object json) {
        if (json instanceof Map<?, ?> map) {
            map.remove("steps");
            map.remove("gates");
            map.values().forEach(McpTools::prune);
        } else if (json instanceof List<?> list) {
            list.forEach(McpTools::prune);
        }
    }

    private static McpSchema.CallToolResult success(Map<String, Object> json, Path picture) throws IOException {
        String text = JSON.writeValueAsString(json);
        if (text.length() > LONGEST_TEXT) text = text.substring(0, LONGEST_TEXT) + " … (whole as structured content)";
        McpSchema.CallToolResult.Builder result = McpSchema.CallToolResult.builder()
                .structuredContent(json)
                .addTextContent(text);
        if (picture != null && Files.exists(picture)) {
            String image = Base64.getEncoder().encodeToString(Files.readAllBytes(picture));
            result.addContent(McpSchema.ImageContent.builder(image, "image/png").build());
        }
        return result.isError(false).build();
    }
}
