package org.ttm4j.cli.console;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ttm4j.ttm.io.AtomicFile;

/** Text files that appear whole or not at all. */
public final class OutputFile {
    private OutputFile() {}

    /** Writes the text of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Writer out) throws IOException;
    }

    /**
     * Writes a file in UTF-8, replacing one that is there in one step.
     *
     * @throws CommandException naming the file when it cannot be written; what was there before is untouched
     */
    public static void write(Path file, Content content) throws CommandException {
        try {
            if (Files.isDirectory(file)) throw new CommandException(file + ": cannot be written: it is a folder");
            Path target = Files.exists(file) ? file.toRealPath() : file;
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                // A device or a pipe takes a stream; renaming over it would put a file in its place.
                try (OutputStream out = Files.newOutputStream(target)) {
                    write(out, content);
                }
            } else {
                AtomicFile.write(target, out -> write(out, content));
            }
        } catch (java.nio.file.NoSuchFileException e) {
            throw new CommandException(file + ": cannot be written: no such folder", e);
        } catch (java.nio.file.AccessDeniedException e) {
            throw new CommandException(file + ": cannot be written: access denied", e);
        } catch (IOException e) {
            throw new CommandException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * Checks, as far as can be known before, that a file can be written.
     *
     * @throws CommandException naming the file when it cannot
     */
    public static void requireWritable(Path file) throws CommandException {
        Path folder = file.toAbsolutePath().getParent();
        boolean there = Files.exists(file);
        String reason = null;
        if (Files.isDirectory(file)) reason = "it is a folder";
        else if (!there && (folder == null || !Files.isDirectory(folder))) reason = "no such folder";
        else if (there && !Files.isWritable(file)) reason = "access denied";
        else if (!there && !Files.isWritable(folder)) reason = "access denied";
        if (reason != null) throw new CommandException(file + ": cannot be written: " + reason);
    }

    /** Throws UsageException naming the option when a file to write is the input. */
    public static void requireOther(Path output, Path input, String option) throws UsageException, IOException {
        if (Files.exists(output) && Files.exists(input) && Files.isSameFile(output, input)) {
            throw new UsageException(option + ": this would overwrite the input, " + input);
        }
    }

    private static void write(OutputStream out, Content content) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        content.writeTo(writer);
        writer.flush();
    }
}
