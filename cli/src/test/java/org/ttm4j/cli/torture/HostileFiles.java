package org.ttm4j.cli.torture;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Files that would exhaust or hold up a careless reader, forecast in 128 MB: {@code bin/torture hostile}. Each has to be
 * answered or refused with an error that names it, and none may run out of memory.
 *
 * @param quick whether the file is the one that meets a limit of the readers soonest
 */
record HostileFiles(String name, boolean quick, List<String> options, Content content) {
    private static final List<String> BY_ID = List.of("--id", "id");

    /** Writes a file. */
    private interface Content {
        void write(Writer out) throws IOException;
    }

    private static HostileFiles quick(String name, Content content) {
        return new HostileFiles(name, true, name.startsWith("ids") ? BY_ID : List.of(), content);
    }

    private static HostileFiles slow(String name, Content content) {
        return new HostileFiles(name, false, name.contains("ids") ? BY_ID : List.of(), content);
    }

    private static final Content WIDE = table("time" + names(",c%d", 15_000), ",1".repeat(15_000), 3);
    private static final Content IDS = out -> series(out, "s", 20_000);
    private static final Content FORM_FEED = start("time,load\n2024-01-01,\f\"", "x\n", 15_000_000);
    private static final Content QUOTES = table("time,load", ",x\"\",\"" + "y,".repeat(4500) + "\"", 28);
    private static final Content LONG_IDS = out -> series(out, "x".repeat(9900), 6000);
    private static final Content KEYS = out -> out
            .write("{\"time\": \"2024-01-01\"" + names(", \"k%d\": 1", 30_000) + "}\n");

    private static final List<HostileFiles> FILES = List.of(slow("wide.csv", WIDE), slow("ids.csv", IDS),
            slow("form-feed.csv", FORM_FEED), slow("quote-in-cell.csv", QUOTES), slow("long-ids.csv", LONG_IDS),
            quick("far-off-time.csv", out -> {
                table("time,load", ",1", 28).write(out);
                out.write("9999-01-01,1\n");
            }), quick("keys.jsonl", KEYS), slow("wide.gz", WIDE), quick("ids.gz", IDS), quick("formfeed.gz", FORM_FEED),
            quick("quotes.gz", QUOTES), slow("longids.gz", LONG_IDS), quick("large.gz", out -> {
                String cells = ("," + "9".repeat(9900)).repeat(20_000);
                table("time" + cells, cells, 3).write(out);
            }), slow("endless.gz", start("time,load\n2024-01-01,", "9".repeat(10_000), 30_000)),
            quick("rows.gz", start("time,load\n", "2024-01-01,1\n".repeat(1000), 20_000)),
            slow("quoted.gz", start("time,load\n2024-01-01,\"", "x,".repeat(1000), 15_000)),
            slow("comments.gz", out -> {
                start("", "# a remark that goes on for some time and says nothing\n", 1_000_000).write(out);
                table("time,load", ",1", 2).write(out);
            }), slow("keys.gz", KEYS), quick("deep.gz", start("{\"a\": ", "[", 5_000_000)),
            slow("string.gz", start("{\"a\": \"", "x".repeat(10_000), 20_000)),
            quick("header.gz", out -> out.write(names("c%d,", 3_000_000))));

    /** A form, filled with the numbers from 1 on. */
    private static String names(String form, int count) {
        String[] parts = form.split("%d");
        StringBuilder names = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            names.append(parts[0]).append(i);
            if (parts.length > 1) names.append(parts[1]);
        }
        return names.toString();
    }

    /** A head, and a row for each of some days of January. */
    private static Content table(String head, String values, int days) {
        return out -> {
            out.write(head + "\n");
            for (int day = 1; day <= days; day++) out.write("2024-01-%02d%s\n".formatted(day, values));
        };
    }

    /** A text that is followed by another over and over. */
    private static Content start(String text, String repeated, int times) {
        return out -> {
            out.write(text);
            for (int i = 0; i < times; i++) out.write(repeated);
        };
    }

    private static void series(Writer out, String id, int count) throws IOException {
        out.write("id,time,load\n");
        for (int i = 1; i <= count; i++) {
            for (int day = 1; day <= 3; day++) out.write(id + i + ",2024-01-0" + day + "," + day + "\n");
        }
    }

    /** Arguments: the class path of the program, then {@code --short} or a part of a name. */
    public static void main(String[] arguments) throws Exception {
        String chosen = arguments.length > 1 ? arguments[1] : "";
        Predicate<HostileFiles> choice = chosen.equals("--short")
                ? HostileFiles::quick
                : file -> file.name.contains(chosen);
        System.exit(allHold(arguments[0], choice) ? 0 : 1);
    }

    /** Prints a row for each file; whether all are answered or refused as they have to be. */
    static boolean allHold(String classPath, Predicate<HostileFiles> choice) throws Exception {
        Path folder = Files.createTempDirectory("hostile");
        ProgramProcess program = new ProgramProcess(classPath, folder, ProgramProcess.QUICK)
                .withFlags(List.of("-Xmx128m"));
        System.out.println("| file | size | exit code | seconds | |\n|---|---:|---:|---:|---|");
        boolean hold = true;
        try {
            List<HostileFiles> chosen = FILES.stream().filter(choice).toList();
            if (chosen.isEmpty()) throw new IllegalArgumentException("expected a part of the name of a file");
            for (HostileFiles file : chosen) hold &= file.holds(program);
        } finally {
            ProgramProcess.delete(folder);
        }
        return hold;
    }

    private boolean holds(ProgramProcess program) throws Exception {
        Path file = program.folder().resolve(name);
        try (Writer out = new BufferedWriter(new OutputStreamWriter(stream(file), StandardCharsets.UTF_8))) {
            content.write(out);
        }
        long begin = System.nanoTime();
        List<String> arguments = new java.util.ArrayList<>(
                List.of("forecast", name, "--plot", "p.svg", "--out", "out.csv"));
        arguments.addAll(options);
        ProgramProcess.Run run = program.run(arguments);
        double seconds = (System.nanoTime() - begin) / 1e9;
        String said = run.code() == 0 ? "an answer" : run.message();
        boolean holds = run.code() <= 2 && !said.isEmpty() && !run.err().contains("OutOfMemory");
        System.out.printf(Locale.ROOT, "| %s | %d kB | %d | %.1f | %.150s |%n", name, Files.size(file) >> 10,
                run.code(), seconds, holds ? said : "FAILED: " + run.err());
        Files.delete(file);
        return holds;
    }

    private OutputStream stream(Path file) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        if (!name.endsWith(".gz")) return out;
        return new GZIPOutputStream(out, 1 << 16) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        };
    }
}
