package org.ttm4j.cli.torture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * Every command that writes, with what it reads.
 *
 * @param model the folder of a small model
 * @param input the folder with what the commands read
 */
record WritingCommands(Path model, Path input) {
    private static final int ROWS = 200;
    private static final String RUN = """
            {%s"model": {"context_length": 32, "prediction_length": 8, "patch_length": 8, "patch_stride": 8, "d_model": 8,
             "num_layers": 1, "decoder_num_layers": 1, "decoder_d_model": 8}, "batch": 8, "micro_batch": 4, "threads": 1,
             "validate_every": 1, "steps": 2}
            """;

    /** Writes what the commands read. */
    static WritingCommands in(Path input, Path home) throws IOException {
        Files.createDirectories(input);
        List<String> rows = new ArrayList<>();
        for (int t = 0; t < ROWS; t++) {
            rows.add(String.format(Locale.ROOT, "2024-01-%02d %02d:00,%.3f%n", 1 + t / 24, t % 24,
                    10 + 5 * Math.sin(t * 0.2618) + t % 3));
        }
        String load = "time,load\n" + String.join("", rows);
        Files.writeString(input.resolve("load.csv"), load);
        Files.writeString(input.resolve("meters.csv"),
                "meter,time,load\n" + List.of("a,", "b,")
                        .stream()
                        .flatMap(meter -> rows.stream().map(meter::concat))
                        .collect(Collectors.joining()));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(input.resolve("flow.csv.gz")))) {
            out.write(load.replace("load", "flow").getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(input.resolve("manifest.csv"),
                "role,dataset,file,resolution_seconds,licence\npretrain,river,flow.csv.gz,3600,CC0\n");
        Files.writeString(input.resolve("run.json"), RUN.formatted(""));
        Files.writeString(input.resolve("run-on-corpus.json"), RUN.formatted("\"corpus\": \"corpus.bin\", "));
        return new WritingCommands(home.resolve("forecast/src/test/resources/compatibility/0.2.0/model"), input);
    }

    /** Their arguments by a name of each. What they write lies in a folder, which is a text in front of each file. */
    Map<String, List<String>> arguments(String out) {
        String forecast = "forecast INPUT/load.csv --mode fast --model MODEL --out ";
        String tuned = "finetune INPUT/load.csv --model MODEL --epochs 1 --seed 1 --threads 1 --out OUTtuned";
        Map<String, String> commands = new LinkedHashMap<>();
        commands.put("forecast", forecast + "OUTtable.csv --plot OUTpicture.svg");
        commands.put("stdin", forecast.replace("INPUT/load.csv", "-") + "OUTtable.csv --plot OUTpicture.svg");
        commands.put("workbook", forecast + "OUTtable.xlsx --plot OUTpicture.png");
        commands.put("page", forecast + "OUTtable.csv --plot OUTpage.html");
        commands.put("cv", "forecast INPUT/load.csv --horizon 8 --cv OUTpast.csv --out OUTtable.csv --plot none");
        commands.put("explain", "explain INPUT/load.csv --model MODEL --out OUTtable.csv --html OUTpage.html");
        commands.put("anomalies", "anomalies INPUT/load.csv --mode fast --model MODEL --out OUTtable.csv");
        commands.put("backtest", "backtest INPUT/load.csv --model MODEL --stride 40 --html OUTreport.html");
        commands.put("reports", "backtest INPUT/meters.csv --id meter --model MODEL --stride 40 --html OUTreport.html");
        commands.put("finetune", tuned);
        commands.put("refinetune", tuned);
        commands.put("corpus", "corpus INPUT/manifest.csv --out OUTcorpus.bin");
        commands.put("pretrain", "pretrain INPUT/run.json --out OUTrun");
        Map<String, List<String>> arguments = new LinkedHashMap<>();
        commands.forEach((name, command) -> arguments.put(name,
                List.of(command.replace("INPUT", input.toString())
                        .replace("MODEL", model.toString())
                        .replace("OUT", out)
                        .split(" "))));
        return arguments;
    }
}
