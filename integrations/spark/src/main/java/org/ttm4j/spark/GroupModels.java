package org.ttm4j.spark;

import java.io.IOException;
import java.io.Serializable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.ttm4j.ttm.Forecaster;
import org.ttm4j.ttm.train.FineTuned;

/**
 * Models that series have for themselves, in one folder of a file system that Spark knows: that of meter 7 is in
 * {@code meter=7}, that of a NULL in the folder that Hive and Spark have for it, and that of all rows together, without an
 * id, in {@code model}.
 *
 * @param ids the columns of the id
 */
record GroupModels(String folder, List<String> ids, SerializableConfiguration settings) implements Serializable {
    private static final String OF_NULL = "__HIVE_DEFAULT_PARTITION__";

    /** The folder of a series. */
    Path path(Row id) {
        if (ids.isEmpty()) return new Path(folder + "/model");
        StringBuilder path = new StringBuilder(folder);
        for (int i = 0; i < ids.size(); i++) {
            path.append('/')
                    .append(URLEncoder.encode(ids.get(i), StandardCharsets.UTF_8))
                    .append('=')
                    .append(id.isNullAt(i) ? OF_NULL : URLEncoder.encode(id.get(i).toString(), StandardCharsets.UTF_8));
        }
        return new Path(path.toString());
    }

    /** Writes a model in the place of an earlier one; a task that is run twice leaves one. */
    void save(Row id, FineTuned tuned) throws IOException {
        Path path = path(id);
        Path beside = path.suffix("." + UUID.randomUUID());
        FileSystem files = path.getFileSystem(settings.value());
        java.nio.file.Path local = Files.createTempDirectory("ttm");
        try {
            tuned.save(local.resolve("model"));
            files.copyFromLocalFile(true, true, new Path(local.resolve("model").toUri()), beside);
            files.delete(path, true);
            if (!files.rename(beside, path)) throw new IOException(path + ": the model cannot be put there");
        } finally {
            delete(local);
        }
    }

    /** @throws IOException when the series has no model here */
    Forecaster load(Row id) throws IOException {
        Path path = path(id);
        java.nio.file.Path local = Files.createTempDirectory("ttm");
        try {
            path.getFileSystem(settings.value())
                    .copyToLocalFile(false, path, new Path(local.resolve("model").toUri()), true);
            return Forecaster.load(local.resolve("model"));
        } finally {
            delete(local);
        }
    }

    private static void delete(java.nio.file.Path folder) throws IOException {
        try (Stream<java.nio.file.Path> files = Files.walk(folder)) {
            for (java.nio.file.Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
