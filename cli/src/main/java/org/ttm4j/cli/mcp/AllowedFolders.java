package org.ttm4j.cli.mcp;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.data.series.Printable;

/**
 * The folders whose files may be read.
 *
 * @param folders without symbolic links in their paths
 * @param mostBytes of a file
 */
public record AllowedFolders(List<Path> folders, long mostBytes) {
    private static final int MOST_FILES = 200;
    private static final int DEPTH = 8;
    private static final String TABLES = "(?i).*\\.(csv|tsv|txt|dat|jsonl|ndjson|xlsx|arff)(\\.gz)?";

    /**
     * Of folders that exist.
     *
     * @throws CommandException when one does not
     */
    public static AllowedFolders of(List<Path> named, long mostBytes) throws CommandException {
        List<Path> folders = new ArrayList<>();
        for (Path folder : named) {
            try {
                if (!Files.isDirectory(folder)) throw new IOException("no folder");
                folders.add(folder.toRealPath());
            } catch (IOException e) {
                throw new CommandException(folder + ": expected a folder that can be read", e);
            }
        }
        return new AllowedFolders(List.copyOf(folders), mostBytes);
    }

    /**
     * A file by its absolute path, or by its path below one of the folders. Symbolic links are resolved first.
     *
     * @throws CommandException when it is outside, missing or too large; the message does not say whether a file outside exists
     */
    Path file(String name) throws CommandException {
        boolean inside = false;
        for (Path folder : folders) {
            Path real;
            long bytes;
            try {
                Path file = folder.resolve(name).normalize();
                if (!file.startsWith(folder)) continue;
                inside = true;
                real = file.toRealPath();
                if (!real.startsWith(folder) || !Files.isRegularFile(real)) continue;
                bytes = Files.size(real);
            } catch (IOException | InvalidPathException next) {
                // The file may be in another of the folders.
                continue;
            }
            if (bytes <= mostBytes) return real;
            throw new CommandException(String.format(Locale.ROOT,
                    "file %s has %,d bytes, more than the limit of %,d; give a "
                            + "smaller file, such as its last rows, or ask the user for a higher --limit",
                    named(name), bytes, mostBytes));
        }
        throw new CommandException("file " + named(name) + (inside
                ? ": no such file below the allowed folders; the tool describe without a file lists those that are"
                : ": outside the allowed folders, "
                        + folders.stream().map(Path::toString).collect(Collectors.joining(", "))
                        + "; name a file below one of them, or ask the user to allow its folder"));
    }

    private static String named(String name) {
        return Printable.quoted(Printable.shortened(name));
    }

    private static boolean isInside(Path file, Path folder) {
        try {
            return Files.isRegularFile(file) && file.toRealPath().startsWith(folder);
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** The tables below the folders, at most two hundred, by their paths. */
    List<String> files() {
        List<String> files = new ArrayList<>();
        for (Path folder : folders) addTables(folder, folder, DEPTH, files);
        files.sort(null);
        return files;
    }

    private static void addTables(Path in, Path allowed, int depth, List<String> files) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(in)) {
            for (Path one : all) {
                if (files.size() == MOST_FILES) return;
                if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
                    if (depth > 1) addTables(one, allowed, depth - 1, files);
                } else if (one.getFileName().toString().matches(TABLES) && isInside(one, allowed)) {
                    files.add(one.toString());
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            // What is in it cannot be read either.
        }
    }
}
