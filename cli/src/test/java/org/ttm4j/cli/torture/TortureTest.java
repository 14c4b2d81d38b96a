package org.ttm4j.cli.torture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The parts of {@code bin/torture} that start the program, by a row of each. */
@Tag("process")
class TortureTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @Test
    void aTimeFarFromTheOthersIsRefused() throws Exception {
        assertTrue(HostileFiles.allHold(CLASS_PATH, file -> file.name().equals("far-off-time.csv")));
    }

    @Test
    void digitsOfALocaleAreInNoTable() throws Exception {
        assertTrue(Locales.allAreTheSame(CLASS_PATH, Path.of("").toAbsolutePath().getParent(), 100));
    }
}
