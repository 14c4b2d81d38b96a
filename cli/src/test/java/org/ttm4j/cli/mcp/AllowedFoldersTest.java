package org.ttm4j.cli.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllowedFoldersTest {
    @TempDir
    Path folder;

    @Test
    void atMostTwoHundredAreListed() throws Exception {
        for (int i = 0; i < 250; i++) Files.createFile(folder.resolve(i + ".csv"));
        List<String> files = AllowedFolders.of(List.of(folder, folder), 1).files();
        assertEquals(200, files.size());
        assertEquals(files.stream().sorted().toList(), files);
    }

    @Test
    void aFolderThatCannotBeReadHidesNoOther() throws Exception {
        Files.createFile(folder.resolve("a.csv"));
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(closed), "skipped: this user reads all folders");
        assertEquals(1, AllowedFolders.of(List.of(folder), 1).files().size());
    }
}
