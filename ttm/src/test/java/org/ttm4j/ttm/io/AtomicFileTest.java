package org.ttm4j.ttm.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ttm4j.ttm.io.AtomicFile.TemporaryFile;

class AtomicFileTest {
    private static final String KILLED = ".table.csv.0b0f7a39-9a1e-4d63-8a3c-0a5d7a6f1b2c.tmp";
    private static final String ALIVE = ".table.csv.1b0f7a39-9a1e-4d63-8a3c-0a5d7a6f1b2c.tmp";

    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theFirstWriteSweepsWhatAKillLeft() throws IOException {
        Files.writeString(folder.resolve(KILLED), "half a ta");
        Files.writeString(folder.resolve(".mine.tmp"), "of another program");
        AtomicFile.write(folder.resolve("other.csv"), out -> out.write(1));
        assertEquals(List.of(".mine.tmp", "other.csv"), names());
    }

    @Test
    void filesThatOthersAreWritingStay() throws IOException {
        try (FileChannel other = FileChannel.open(folder.resolve(ALIVE), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
            other.lock();
            AtomicFile.write(folder.resolve("table.csv"), out -> {
                TemporaryFile.sweep(folder);
                out.write(1);
            });
            assertEquals(List.of(ALIVE, "table.csv"), names());
        }
    }

    @Test
    void errorsNameTheTarget() throws IOException {
        Path target = folder.resolve("table.csv");
        IOException full = assertThrows(FileSystemException.class, () -> AtomicFile.write(target, out -> {
            throw new IOException("No space left on device");
        }));
        assertEquals(target + ": No space left on device", full.getMessage());
        assertTrue(names().isEmpty(), names().toString());
        Path nowhere = folder.resolve("no/table.csv");
        IOException missing = assertThrows(NoSuchFileException.class,
                () -> AtomicFile.write(nowhere, out -> out.write(1)));
        assertEquals(nowhere + ": no such folder", missing.getMessage().replace(" -> null", ""));
        assertFalse(Files.exists(folder.resolve("no")));
        Path longName = folder.resolve("x".repeat(250));
        IOException refused = assertThrows(FileSystemException.class,
                () -> AtomicFile.write(longName, out -> out.write(1)));
        assertTrue(refused.getMessage().startsWith(longName + ": "), refused.getMessage());
    }
}
