package org.ttm4j.ttm.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes the files of a model so that a folder always has all old files or all new ones, even if the process is killed.
 *
 * <p>A new folder is written under the name {@code .NAME.tmp} in the same parent folder and then renamed. In an
 * existing folder the new files are written to the subfolder {@code .update.tmp}, which becomes valid when it is
 * renamed to {@code .update}; then each file is moved to its place. {@link #current} finds files that have not been
 * moved yet in {@code .update}, so the order of the moves does not matter. The next write completes an interrupted
 * update and deletes an incomplete one. A symbolic link of one of these names, which only another program can have made,
 * is deleted, and what it leads to is left alone. Only one process at a time may write to a folder.
 *
 * @param beforeChange called before each change to the file system, so that tests can interrupt the writer
 */
record CheckpointWriter(Runnable beforeChange) {
    private static final String UPDATE = ".update";
    private static final String TEMPORARY = ".tmp";
    /** The suffix of an empty file in an update that means: delete the file of this name. */
    private static final String REMOVED = ".removed";

    /** Files that change even more often are read as they are. */
    private static final int MOST_READINGS = 10;

    interface Reading<T> {
        T read() throws CheckpointException;
    }

    /** The path of the current version of a file. There is no file at this path if the folder has none of this name. */
    static Path current(Path folder, String name) {
        Path update = folder.resolve(UPDATE);
        boolean updated = isFolder(update)
                && (Files.exists(update.resolve(name)) || Files.exists(update.resolve(name + REMOVED)));
        return (updated ? update : folder).resolve(name);
    }

    /** Reads files of a folder, and reads them again if they were updated meanwhile. */
    static <T> T read(Path folder, Reading<T> reading) throws CheckpointException {
        for (int left = MOST_READINGS - 1;; left--) {
            List<List<Object>> before = versions(folder);
            try {
                T result = reading.read();
                if (left == 0 || before.equals(versions(folder))) return result;
            } catch (CheckpointException e) {
                if (left == 0 || before.equals(versions(folder))) throw e;
            }
        }
    }

    /** What changes when the configuration or the weights are replaced or moved. */
    private static List<List<Object>> versions(Path folder) {
        return Stream.of(Checkpoint.CONFIG, Checkpoint.WEIGHTS).map(name -> version(current(folder, name))).toList();
    }

    private static List<Object> version(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Arrays.asList(file, attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException missing) {
            return List.of(file);
        }
    }

    /** Writes several files in one update; a null content deletes the file of that name. */
    void write(Path folder, Map<String, AtomicFile.Content> files) throws IOException {
        Path target = folder.toAbsolutePath();
        boolean existing = Files.isDirectory(target);
        Path temporary = existing
                ? target.resolve(UPDATE + TEMPORARY)
                : target.resolveSibling("." + target.getFileName() + TEMPORARY);
        if (existing) finishUpdate(target);
        else Files.createDirectories(target.getParent());
        delete(temporary);
        try {
            create(temporary, folder);
            for (Map.Entry<String, AtomicFile.Content> file : files.entrySet()) {
                boolean removal = file.getValue() == null;
                if (removal && !existing) continue;
                beforeChange.run();
                AtomicFile.writeAndForce(temporary.resolve(file.getKey() + (removal ? REMOVED : "")),
                        folder.resolve(file.getKey()), removal ? out -> {} : file.getValue());
            }
            move(temporary, existing ? target.resolve(UPDATE) : target);
        } finally {
            delete(temporary);
        }
        if (existing) finishUpdate(target);
    }

    private void create(Path temporary, Path folder) throws IOException {
        beforeChange.run();
        try {
            Files.createDirectory(temporary);
        } catch (IOException e) {
            throw AtomicFile.ofTemporary(folder, e);
        }
    }

    private void finishUpdate(Path folder) throws IOException {
        Path update = folder.resolve(UPDATE);
        for (Path file : files(update)) {
            String name = file.getFileName().toString();
            if (!name.endsWith(REMOVED)) {
                move(file, folder.resolve(name));
                continue;
            }
            beforeChange.run();
            Files.deleteIfExists(folder.resolve(name.substring(0, name.length() - REMOVED.length())));
        }
        delete(update);
    }

    private void delete(Path folder) throws IOException {
        for (Path file : files(folder)) {
            beforeChange.run();
            Files.delete(file);
        }
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) return;
        beforeChange.run();
        Files.delete(folder);
    }

    private void move(Path from, Path to) throws IOException {
        beforeChange.run();
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.forceFolder(to);
    }

    /** True for a folder itself, not for a link to one, whose files are not those of the model. */
    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** The files in a folder; empty if there is no folder at this path. */
    private static List<Path> files(Path folder) throws IOException {
        if (!isFolder(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
