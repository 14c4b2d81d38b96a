package org.ttm4j.cli.console;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.ttm4j.data.series.Printable;
import org.ttm4j.ttm.io.AtomicFile;

/** Writes files, which appear whole or not at all, and compressed where their names end in {@code .gz}. */
public final class OutputFile {
    private static final String GZIP = ".gz";
    /** Names of formats in which no table is written. */
    private static final String NO_TABLE = "(?i).*\\.(parquet|arrow|feather|avro|orc|xls|xlsb|ods|pdf|html?|svg|png)(\\.gz)?";

    private OutputFile() {}

    /** Produces the text of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Writer out) throws IOException;
    }

    /**
     * Writes a file in UTF-8. An existing file is replaced in one step.
     *
     * @throws CommandException when the file cannot be written; the message names it, and an existing file is unchanged
     */
    public static void write(Path file, Content content) throws CommandException {
        writeStream(file, out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            content.writeTo(writer);
            writer.flush();
        });
    }

    /** As {@link #write}, for a file that is no text. */
    public static void writeStream(Path file, AtomicFile.Content content) throws CommandException {
        if (Files.isDirectory(file)) throw new CommandException(file + ": cannot be written: it is a folder");
        AtomicFile.Content written = !ends(file, GZIP) ? content : out -> {
            GZIPOutputStream compressed = new GZIPOutputStream(out);
            content.writeTo(compressed);
            compressed.finish();
        };
        try {
            Path target = Files.exists(file) ? file.toRealPath() : file;
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                // A device or a pipe is written as a stream, because a rename would replace it by a file.
                try (OutputStream out = Files.newOutputStream(target)) {
                    written.writeTo(out);
                }
            } else {
                AtomicFile.write(target, written);
            }
        } catch (IOException e) {
            String known = e instanceof FileSystemException of ? of.getReason() : e.getMessage();
            String reason = Objects.requireNonNullElse(known, e.toString());
            if (e instanceof NoSuchFileException) reason = "no such folder";
            if (e instanceof AccessDeniedException) reason = "access denied";
            throw new CommandException(file + ": cannot be written: " + reason, e);
        }
    }

    /**
     * Checks in advance, as far as possible, that a file can be written.
     *
     * @throws CommandException when the file cannot be written; the message names it
     */
    public static void requireWritable(Path file) throws CommandException {
        Path folder = file.toAbsolutePath().getParent();
        boolean exists = Files.exists(file);
        String reason = null;
        if (Files.isDirectory(file)) reason = "it is a folder";
        else if (!exists && (folder == null || !Files.isDirectory(folder))) reason = "no such folder";
        else if (!Files.isWritable(exists ? file : folder)) reason = "access denied";
        if (reason != null) throw new CommandException(file + ": cannot be written: " + reason);
    }

    /**
     * Checks that a file to write is not the input. The error names the option.
     *
     * @param input null where it is no file
     */
    public static void requireOther(Path output, Path input, String option) throws IOException {
        if (input != null && Files.exists(output) && Files.exists(input) && Files.isSameFile(output, input)) {
            throw new UsageException(option + ": this would overwrite the input, " + input);
        }
    }

    /**
     * The files of text and pictures to write that options name, by the options. Checks that they can be written, differ from
     * each other and are no inputs; an error names the option.
     *
     * @param input null where it is no file
     */
    public static Map<String, Path> checked(Arguments arguments, Path input, Console console, String... options)
            throws IOException {
        Map<String, Path> files = named(arguments, console, options);
        requireApart(files, input, console.path(arguments.text("--future")));
        for (Map.Entry<String, Path> file : files.entrySet()) require(file.getValue(), file.getKey(), input);
        return files;
    }

    /**
     * The files to write that options name, by the options; none for standard output and for {@code --plot none}. Throws
     * UsageException for a name of a format in which no table, or no picture, is written.
     */
    public static Map<String, Path> named(Arguments arguments, Console console, String... options)
            throws UsageException {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String option : options) {
            String name = arguments.text(option);
            boolean isNone = option.equals("--out") ? "-".equals(name) : option.equals("--plot") && "none".equals(name);
            if (name == null || isNone) continue;
            if (!option.equals("--plot") && !option.equals("--html") && name.matches(NO_TABLE)) {
                throw new UsageException(option + ": tables are not written in this format; expected a name such as "
                        + "F.csv, found " + Printable.quoted(name));
            }
            files.put(option, console.path(name));
        }
        if (files.containsKey("--plot")) requirePicture(files.get("--plot"));
        return files;
    }

    /** Throws UsageException for the ending of another format; a name without an ending gets an SVG. */
    private static void requirePicture(Path file) throws UsageException {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        boolean known = ends(file, ".html") || ends(file, ".htm") || ends(file, ".svg") || ends(file, ".png");
        if (known && !ends(file, GZIP) || !name.contains(".")) return;
        throw new UsageException(
                "--plot: expected a name that ends in .svg, .png or .html, found " + Printable.quoted(name));
    }

    /**
     * Checks that the files to write are different ones, and none of the inputs. The error names the options.
     *
     * @param files by their options
     * @param inputs null where one is no file
     */
    public static void requireApart(Map<String, Path> files, Path... inputs) throws IOException {
        for (Map.Entry<String, Path> file : files.entrySet()) {
            for (Path input : inputs) requireOther(file.getValue(), input, file.getKey());
            for (Map.Entry<String, Path> other : files.entrySet()) {
                if (file == other || !isSameFile(file.getValue(), other.getValue())) continue;
                throw new UsageException(
                        file.getKey() + " and " + other.getKey() + " name the same file, " + file.getValue());
            }
        }
    }

    /** Whether both would be the same file; a device takes both. */
    private static boolean isSameFile(Path a, Path b) throws IOException {
        if (Files.exists(a) && Files.exists(b)) return Files.isRegularFile(a) && Files.isSameFile(a, b);
        return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
    }

    /** Whether the name of a file has an ending, such as {@code .csv} or {@code .csv.gz}, in any case; null has none. */
    public static boolean ends(Path file, String ending) {
        String name = file == null ? "" : file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(ending) || name.endsWith(ending + GZIP);
    }

    /** Whether the name of a file says that it holds JSON, an object in each line. */
    public static boolean isJsonLines(Path file) {
        return ends(file, ".jsonl") || ends(file, ".ndjson") || ends(file, ".json");
    }

    /** Checks that a folder to write, and the folders above it, are no files. The error names the option. */
    public static void requireFolder(Path folder, String option) throws CommandException {
        Path there = folder.toAbsolutePath();
        while (there != null && !Files.exists(there)) there = there.getParent();
        if (there == null || Files.isDirectory(there)) return;
        throw new CommandException(folder + ": cannot be written: "
                + (there.equals(folder.toAbsolutePath()) ? "it" : there) + " is a file; name a folder with " + option);
    }

    /** Checks that a file of text is not named as standard output or a workbook. The error names the option. */
    public static void requireText(Path file, String option) throws UsageException {
        if (file.endsWith("-")) {
            throw new UsageException(option + ": expected the name of a file; - is standard output in --out alone");
        }
        if (!ends(file, ".xlsx")) return;
        throw new UsageException(option + ": only the table of ttm forecast --out can be a workbook; expected a name "
                + "such as F.csv, found " + Printable.quoted(file.getFileName().toString()));
    }

    /** Checks that a file of text or picture that an option names can be written and is not the input. */
    public static void require(Path file, String option, Path input) throws IOException {
        requireText(file, option);
        requireOther(file, input, option);
        requireWritable(file);
    }
}
