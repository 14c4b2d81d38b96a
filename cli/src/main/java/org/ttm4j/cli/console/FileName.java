package org.ttm4j.cli.console;

import java.nio.file.Path;

/** Names of data files. */
public final class FileName {
    private FileName() {}

    /** The file's name without the endings of a CSV: {@code ETTh1} of {@code data/ETTh1.csv.gz}. */
    public static String stem(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("(?i)(\\.(csv|tsv|txt))?(\\.gz)?$", "");
    }
}
