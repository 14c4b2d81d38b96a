package org.ttm4j.cli.mcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ttm4j.cli.Main;
import org.ttm4j.cli.command.Command;
import org.ttm4j.cli.console.Console;
import org.ttm4j.data.grid.CsvOptions;
import org.ttm4j.data.grid.CsvReader;
import org.ttm4j.data.series.TimeSeries;
import org.ttm4j.engine.KernelSelection;
import org.ttm4j.forecast.Forecast;
import org.ttm4j.forecast.ForecastRequest;
import org.ttm4j.forecast.Forecaster;

/** The tools of assistants by clients of both SDKs, on standard streams and over HTTP. */
@Tag("process")
class McpTest {
    private static final String NODE_PACKAGE = "@modelcontextprotocol/sdk@1.32.2";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** By value: JavaScript writes 70 for 70.0. */
    private static final Comparator<JsonNode> NUMBERS = (a,
            b) -> a.equals(b) || a.isNumber() && b.isNumber() && a.doubleValue() == b.doubleValue() ? 0 : 1;

    @TempDir
    Path folder;
    private Path allowed;
    private Path outside;

    /** Calls a tool and returns its answer as JSON. */
    private interface Caller {
        JsonNode call(String name, Map<String, Object> arguments) throws IOException;
    }

    private interface Use {
        void of(List<String> tools, Caller caller) throws IOException;
    }

    @BeforeEach
    void files() throws IOException {
        allowed = Files.createDirectories(folder.resolve("allowed"));
        outside = Files.createDirectories(folder.resolve("allowed-not"));
        StringBuilder csv = new StringBuilder("time;load;level\n");
        for (int i = 0; i < 700; i++) {
            double spike = i == 600 ? 400 : 0;
            csv.append("2024-01-").append(String.format("%02dT%02d:00", 1 + i / 24, i % 24)).append(';');
            csv.append(String.format("%.3f;%.2f%n", 100 + 30 * Math.sin(i * Math.PI / 12) + i % 5 + spike, i / 3.0)
                    .replace('.', ','));
        }
        Files.writeString(allowed.resolve("load.csv"), csv);
        Files.writeString(outside.resolve("secret.csv"), csv);
        Files.writeString(allowed.resolve("steps.csv"), csv.toString().replace("load;level", "steps;level"));
        Files.createSymbolicLink(allowed.resolve("link.csv"), outside.resolve("secret.csv"));
        Files.writeString(allowed.resolve("large.csv"), "time,value\n" + "2024-01-01,1\n".repeat(100_000));
    }

    private void check(List<String> tools, Caller caller) throws IOException {
        assertEquals(List.of("describe", "forecast", "find_anomalies", "backtest", "explain"), tools);

        JsonNode files = caller.call("describe", Map.of()).at("/structuredContent/files");
        assertEquals(List.of("large.csv", "load.csv", "steps.csv"),
                StreamSupport.stream(files.spliterator(), false)
                        .map(file -> allowed.relativize(Path.of(file.asText())).toString())
                        .toList());
        JsonNode described = content(caller.call("describe", Map.of("file", "load.csv")), true);
        assertEquals(700, described.at("/series/0/rows").asInt());
        assertEquals("level", described.at("/series/0/channels/1/name").asText());

        JsonNode forecast = content(caller.call("forecast", Map.of("file", allowed.resolve("load.csv").toString(),
                "horizon", 24, "target", List.of("load"), "quantiles", "0.1,0.9")), true);
        assertEquals(24, forecast.get("rows").size());
        JsonNode whole = content(
                caller.call("forecast", Map.of("file", "load.csv", "horizon", 3, "target", "load", "integer", "true")),
                true);
        assertTrue(whole.at("/rows/0/load").isIntegralNumber(), whole.toString());
        TimeSeries series = CsvReader
                .read(allowed.resolve("load.csv"), CsvOptions.defaults().withTargets(List.of("load")))
                .series()
                .get(0);
        Forecast expected = Forecaster.bundled()
                .forecast(ForecastRequest.of(series.doubleValues())
                        .withKnownFrequency(series.axis().frequency().toTemporalAmount())
                        .withHorizon(24)
                        .withQuantiles(0.1, 0.9));
        float[] values = new float[24];
        float[] low = new float[24];
        for (int i = 0; i < 24; i++) {
            values[i] = Float.parseFloat(forecast.at("/rows/" + i + "/load").asText());
            low[i] = Float.parseFloat(forecast.at("/rows/" + i + "/load.q0.1").asText());
        }
        assertArrayEquals(expected.values()[0], values);
        assertArrayEquals(expected.quantiles().orElseThrow().values()[0][0], low);
        assertEquals("2024-01-30T04:00", forecast.at("/rows/0/time").asText());
        JsonNode steps = content(caller.call("forecast", Map.of("file", "steps.csv", "horizon", 2)), true);
        assertTrue(steps.at("/rows/0").has("steps"), steps.toString());

        JsonNode anomalies = content(caller.call("find_anomalies",
                Map.of("file", "load.csv", "target", "load", "mode", "fast", "level", 0.9)), true);
        List<String> times = StreamSupport.stream(anomalies.get("rows").spliterator(), false)
                .map(row -> row.get("time").asText())
                .toList();
        assertTrue(times.contains("2024-01-26T00:00"), times.toString());

        JsonNode backtest = content(
                caller.call("backtest",
                        Map.of("file", "load.csv", "target", "load", "horizon", 12, "stride", 40, "mode", "fast")),
                true);
        assertTrue(backtest.toString().contains("mase"), backtest.toString());
        JsonNode explained = content(caller.call("explain", Map.of("file", "load.csv", "target", "load", "step", 3)),
                true);
        assertEquals(3, explained.at("/series/0/forecasts/0/step").asInt());
        assertTrue(explained.at("/series/0/forecasts/0/stretches").size() > 3);

        String beyond = outside.resolve("secret.csv").toString();
        for (String file : List.of(beyond, "../allowed-not/secret.csv", "/etc/passwd", "/nowhere.csv")) {
            String refusal = refusal(caller.call("forecast", Map.of("file", file)));
            assertTrue(refusal.contains("outside the allowed folders, " + allowed.toRealPath() + "; name a file below"),
                    refusal);
        }
        assertTrue(refusal(caller.call("forecast", Map.of("file", "link.csv"))).contains("no such file"));
        assertTrue(
                refusal(caller.call("describe", Map.of("file", "none.csv"))).contains("describe without a file lists"));
        assertTrue(
                refusal(caller.call("describe", Map.of("file", "large.csv"))).contains("1,300,011 bytes, more than"));
        String column = refusal(caller.call("forecast", Map.of("file", "load.csv", "target", "lod")));
        assertTrue(column.contains("lod") && column.contains("load"), column);
        String horizon = refusal(caller.call("forecast", Map.of("file", "load.csv", "horizon", 0)));
        assertTrue(horizon.contains("horizon: expected a whole number from 1 to"), horizon);
        String flag = refusal(caller.call("forecast", Map.of("file", "load.csv", "integer", "maybe")));
        assertTrue(flag.contains("integer: expected true or false, found 'maybe'"), flag);
        String unknown = refusal(caller.call("forecast", Map.of("file", "load.csv", "out", beyond)));
        assertTrue(unknown.contains("unknown argument 'out'") && unknown.contains("horizon"), unknown);
        String fill = refusal(caller.call("forecast", Map.of("file", "load.csv", "fill", "some")));
        assertTrue(fill.contains("zero, interpolate"), "which a note of a repair names: " + fill);
        assertTrue(Files.readString(outside.resolve("secret.csv")).startsWith("time;load"));
    }

    /** The structured content of an answer, which is its text too, and has a picture. */
    private static JsonNode content(JsonNode answer, boolean picture) throws IOException {
        assertFalse(answer.path("isError").asBoolean(), answer.toString());
        JsonNode structured = answer.get("structuredContent");
        assertEquals("text", answer.at("/content/0/type").asText());
        String text = answer.at("/content/0/text").asText();
        if (!text.endsWith("structured content)")) assertTrue(structured.equals(NUMBERS, JSON.readTree(text)), text);
        assertEquals("image/png", answer.at("/content/1/mimeType").asText());
        byte[] png = Base64.getDecoder().decode(answer.at("/content/1/data").asText());
        assertTrue(png.length > 1000 && new String(png, 1, 3, StandardCharsets.US_ASCII).equals("PNG"));
        return structured;
    }

    private static String refusal(JsonNode answer) {
        assertTrue(answer.path("isError").asBoolean(), answer.toString());
        return answer.at("/content/0/text").asText();
    }

    private static List<String> program(List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-XX:+UseSerialGC", "-Dttm4j.shortWarmUp=true", "-cp",
                System.getProperty("java.class.path"), "org.ttm4j.cli.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Whose forecasts are compared bit for bit with those of this JVM. */
    private List<String> onStandardStreams() {
        return program(
                List.of("--add-modules", "jdk.incubator.vector", "-Duser.language=de",
                        "-Dttm4j.kernels=" + KernelSelection.active().name()),
                "mcp", "--allow", allowed.toString(), "--limit", "1");
    }

    private static void byJava(McpClientTransport transport, Use use) throws IOException {
        try (McpSyncClient client = McpClient.sync(transport)
                .requestTimeout(Duration.ofMinutes(5))
                .initializationTimeout(Duration.ofMinutes(1))
                .jsonSchemaValidator(McpTools.UNCHECKED)
                .build()) {
            client.initialize();
            use.of(client.listTools().tools().stream().map(McpSchema.Tool::name).toList(),
                    (name, arguments) -> JSON.valueToTree(
                            client.callTool(McpSchema.CallToolRequest.builder(name).arguments(arguments).build())));
        }
    }

    private void byNode(List<String> arguments, Use use) throws IOException, InterruptedException {
        Path modules = Path.of("target", "node").toAbsolutePath();
        if (!Files.isDirectory(modules.resolve("node_modules/@modelcontextprotocol/sdk"))) {
            try {
                Files.createDirectories(modules);
                Process npm = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--prefix",
                        modules.toString(), NODE_PACKAGE).redirectErrorStream(true).start();
                String said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assumeTrue(npm.waitFor() == 0, NODE_PACKAGE + " is not to be had: " + said);
            } catch (IOException e) {
                assumeTrue(false, "no npm: " + e.getMessage());
            }
        }
        Files.copy(Path.of("src/test/node/mcp.mjs"), modules.resolve("mcp.mjs"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        List<String> command = new ArrayList<>(List.of("node", modules.resolve("mcp.mjs").toString()));
        command.addAll(arguments);
        Process node = new ProcessBuilder(command).redirectError(folder.resolve("node.log").toFile()).start();
        try (BufferedReader answers = node.inputReader();
                PrintStream calls = new PrintStream(node.getOutputStream(), true, StandardCharsets.UTF_8)) {
            List<String> tools = new ArrayList<>();
            line(answers).get("tools").forEach(tool -> tools.add(tool.get("name").asText()));
            use.of(tools, (name, values) -> {
                calls.println(JSON.writeValueAsString(Map.of("name", name, "arguments", values)));
                return line(answers);
            });
        } finally {
            node.destroy();
            node.onExit().join();
        }
    }

    private JsonNode line(BufferedReader answers) throws IOException {
        String line = answers.readLine();
        return line == null ? fail(Files.readString(folder.resolve("node.log"))) : JSON.readTree(line);
    }

    @Test
    void standardStreamsByTheJavaClient() throws IOException {
        List<String> command = onStandardStreams();
        byJava(new StdioClientTransport(
                ServerParameters.builder(command.get(0)).args(command.subList(1, command.size())).build(),
                McpTools.JSON), this::check);
    }

    @Test
    void standardStreamsByTheTypeScriptClient() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("stdio"));
        arguments.addAll(onStandardStreams());
        byNode(arguments, this::check);
    }

    @Test
    void aLineThatIsNoMessageIsAnsweredByAnErrorAndThoseBehindItAreRead() throws IOException, InterruptedException {
        Path lines = Files.writeString(folder.resolve("lines"), """
                {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2024-11-05",\
                "capabilities":{},"clientInfo":{"name":"shell","version":"1"}}}
                oops

                null
                {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"describe","arguments":{}}}
                {"jsonrpc":"2.0","id":3,"method":"nothing"}
                {"jsonrpc":"2.0","id":5,"method":"tools/call"}
                {"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"describe","arguments":"x"}}
                {"jsonrpc":"2.0","id":4,"method":"ping"}""");
        Process process = new ProcessBuilder(onStandardStreams()).redirectInput(lines.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Map<String, List<JsonNode>> answers = new HashMap<>();
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                JsonNode answer = JSON.readTree(line);
                answers.computeIfAbsent(answer.get("id").asText(), id -> new ArrayList<>()).add(answer);
            }
        }
        assertEquals(0, process.waitFor());
        assertEquals(Set.of("null", "1", "2", "3", "4", "5", "9"), answers.keySet());
        assertEquals(2, answers.get("null").size(), answers.toString());
        assertEquals(-32700, answers.get("null").get(0).at("/error/code").asInt());
        assertEquals("2024-11-05", answers.get("1").get(0).at("/result/protocolVersion").asText());
        String version = answers.get("1").get(0).at("/result/serverInfo/version").asText();
        assertTrue(version.matches("\\d.*|[(]not from its jar[)]"), version);
        assertEquals(3, answers.get("2").get(0).at("/result/structuredContent/files").size(), "asked before the end");
        assertEquals(-32601, answers.get("3").get(0).at("/error/code").asInt());
        assertTrue(answers.get("4").get(0).has("result"), answers.toString());
        for (String id : List.of("5", "9")) {
            assertEquals(-32602, answers.get(id).get(0).at("/error/code").asInt(), answers.toString());
        }
    }

    @Test
    void aPingIsAnsweredBeforeCallsThatWait() throws IOException, InterruptedException {
        String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":"
                + "{\"name\":\"forecast\",\"arguments\":{\"file\":\"load.csv\",\"horizon\":2}}}\n";
        Path lines = Files.writeString(folder.resolve("lines"),
                call.repeat(20) + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}");
        Process process = new ProcessBuilder(onStandardStreams()).redirectInput(lines.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Integer> ids = new ArrayList<>();
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                ids.add(JSON.readTree(line).get("id").asInt());
            }
        }
        assertEquals(0, process.waitFor());
        assertEquals(21, ids.size(), "asked before the end");
        assertTrue(ids.indexOf(2) < 3, ids.toString());
    }

    @Test
    void aMessageThatLacksAPartIsRefusedAndACallThatFailsIsAnswered() throws IOException {
        UnaryOperator<String> server = McpCommand.overHttp(List.of(allowed), (words, console) -> {
            throw new StackOverflowError("a test");
        });
        String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"";
        for (String message : List.of("null", call + "}")) {
            assertThrows(IllegalArgumentException.class, () -> server.apply(message), message);
        }
        String answer = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> server
                .apply(call + ",\"params\":{\"name\":\"forecast\",\"arguments\":{\"file\":\"load.csv\"}}}"));
        assertTrue(refusal(JSON.readTree(answer).get("result")).contains("StackOverflowError: a test"), answer);
    }

    @Test
    void howFarALongCallIsIsNoneOfItsNotes() throws IOException {
        UnaryOperator<String> server = McpCommand.overHttp(List.of(allowed), (words, console) -> {
            for (String line : List.of("9 of 20 series, 3 min left", "picture: p.png", "ttm: 9 of 20 rows are empty")) {
                console.say(line);
            }
            return Command.FAILED;
        });
        String answer = server.apply("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":"
                + "{\"name\":\"forecast\",\"arguments\":{\"file\":\"load.csv\"}}}");
        assertEquals("ttm: 9 of 20 rows are empty", refusal(JSON.readTree(answer).get("result")));
    }

    /** Requests hold most of the heap of the service meanwhile. */
    @Test
    void aCallToTheServiceReadsWithinAnEighthOfTheHeap() throws IOException {
        UnaryOperator<String> server = McpCommand.overHttp(List.of(allowed), (words, console) -> {
            console.say("memory: " + console.memory());
            return Main.run(words, new Console(console.out(), console.err(), false, allowed, 10_000));
        });
        String answer = server.apply("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":"
                + "{\"name\":\"forecast\",\"arguments\":{\"file\":\"load.csv\"}}}");
        String problem = refusal(JSON.readTree(answer).get("result"));
        assertTrue(problem.startsWith("memory: " + Runtime.getRuntime().maxMemory() / 8), problem);
        assertTrue(problem.contains("the file is too large"), problem);
    }

    /** What comes of a file may take many times the memory of reading it. */
    @ParameterizedTest
    @CsvSource({"find_anomalies, 150000, 1400 values to judge", "explain, 1000000, explanations of 2 channels"})
    void aCallKeepsToItsMemoryAfterReadingToo(String tool, long memory, String work) throws IOException {
        UnaryOperator<String> server = McpCommand.overHttp(List.of(allowed),
                (words, console) -> Main.run(words, new Console(console.out(), console.err(), false, allowed, memory)));
        String answer = server.apply("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":"
                + "{\"name\":\"" + tool + "\",\"arguments\":{\"file\":\"load.csv\"}}}");
        String problem = refusal(JSON.readTree(answer).get("result"));
        assertTrue(problem.contains(work) && problem.contains("--target"), problem);
    }

    /** They would take a hundred times the memory of the file. */
    @Test
    void anAnswerOfManyColumnsHasFewerSeriesAndRows() throws IOException {
        StringBuilder csv = new StringBuilder("time,id");
        for (int c = 0; c < 1000; c++) csv.append(",c").append(c);
        for (int i = 0; i < 90; i++) {
            csv.append("\n2024-01-0").append(1 + i % 3).append(",s").append(i / 3).append(",5".repeat(1000));
        }
        Files.writeString(allowed.resolve("wide.csv"), csv);
        UnaryOperator<String> server = McpCommand.overHttp(List.of(allowed), (words, console) -> {
            Path out = Path.of(words.get(words.indexOf("--out") + 1));
            String row = "{\"value\":\"" + "5".repeat(999_986) + "\"}\n";
            return assertDoesNotThrow(() -> Files.writeString(out, row.repeat(6))) == out ? Command.OK : Command.FAILED;
        });
        String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\","
                + "\"arguments\":{\"file\":\"wide.csv\"}}}";
        JsonNode described = JSON.readTree(server.apply(call.formatted("describe"))).at("/result/structuredContent");
        assertEquals(30, described.get("count").asInt());
        assertEquals(20, described.get("series").size());
        JsonNode forecast = JSON.readTree(server.apply(call.formatted("forecast"))).at("/result/structuredContent");
        assertEquals(4, forecast.get("rows").size());
        assertEquals(2, forecast.get("rows_left_out").asInt());
    }

    /** The limit of the service is that of the program. */
    private void checkService(List<String> tools, Caller caller) throws IOException {
        assertEquals(5, tools.size());
        JsonNode forecast = content(caller.call("forecast", Map.of("file", "load.csv", "horizon", 6)), true);
        assertEquals(6, forecast.get("rows").size());
        assertTrue(refusal(caller.call("forecast", Map.of("file", "/etc/passwd")))
                .contains("outside the allowed folders"));
    }

    @Test
    void theServiceByBothClients() throws IOException, InterruptedException {
        Path log = folder.resolve("service.log");
        Process service = new ProcessBuilder(program(List.of("-XX:TieredStopAtLevel=1", "-Dttm4j.kernels=scalar"),
                "serve", "--port", "0", "--store", "none", "--mcp", allowed.toString())).redirectError(log.toFile())
                .redirectOutput(folder.resolve("out.log").toFile())
                .start();
        try {
            while (!Files.readString(log).contains("ready")) {
                assertTrue(service.isAlive(), Files.readString(log));
                Thread.sleep(50);
            }
            String address = Files.readAllLines(log)
                    .stream()
                    .filter(line -> line.startsWith("ttm: listening on "))
                    .map(line -> line.substring("ttm: listening on ".length()))
                    .collect(Collectors.joining());
            byJava(HttpClientStreamableHttpTransport.builder(address)
                    .endpoint("/mcp")
                    .jsonMapper(McpTools.JSON)
                    .build(), this::checkService);
            byNode(List.of("http", address + "/mcp"), this::checkService);
        } finally {
            service.destroy();
            service.onExit().join();
        }
    }
}
