package org.ttm4j.ttm.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Folders whose files are replaced together, as nearly as file systems allow. */
final class CheckpointWriter {
    private CheckpointWriter() {}

    static void write(Path folder, Map<String, AtomicFile.Content> files) throws IOException {
        if (Files.isDirectory(folder)) replace(folder, files);
        else create(folder.toAbsolutePath(), files);
    }

    /** The folder is built under another name and renamed: it appears with all of its files. */
    private static void create(Path folder, Map<String, AtomicFile.Content> files) throws IOException {
        Files.createDirectories(folder.getParent());
        Path temporary = AtomicFile.sibling(folder);
        Files.createDirectory(temporary);
        try {
            for (Map.Entry<String, AtomicFile.Content> file : files.entrySet()) {
                AtomicFile.writeAndForce(temporary.resolve(file.getKey()), file.getValue());
            }
            Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            if (Files.isDirectory(temporary)) {
                for (String name : files.keySet()) Files.deleteIfExists(temporary.resolve(name));
                Files.delete(temporary);
            }
        }
    }

    /** All files are complete on disk before the first rename, so a full disk or a bad tensor changes nothing. */
    private static void replace(Path folder, Map<String, AtomicFile.Content> files) throws IOException {
        Map<Path, Path> renames = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, AtomicFile.Content> file : files.entrySet()) {
                Path target = folder.resolve(file.getKey());
                Path temporary = AtomicFile.sibling(target);
                renames.put(temporary, target);
                AtomicFile.writeAndForce(temporary, file.getValue());
            }
            for (Map.Entry<Path, Path> rename : renames.entrySet()) {
                Files.move(rename.getKey(), rename.getValue(), StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            for (Path temporary : renames.keySet()) Files.deleteIfExists(temporary);
        }
    }
}
