package org.ttm4j.spark;

import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** A session on two cores of this machine. */
abstract class SparkTest {
    static SparkSession spark;

    @BeforeAll
    static void start() {
        requireJava21();
        spark = builder("local[2]").getOrCreate();
    }

    @AfterAll
    static void stop() {
        if (spark != null) spark.stop();
        spark = null;
    }

    static void requireJava21() {
        Assumptions.assumeTrue(Runtime.version().feature() == 21,
                "skipped: Spark needs a JDK 21, and there is none (apt-get install openjdk-21-jdk-headless)");
    }

    /** By the first column, an id, and what stands in the third, such as the step. With {@code orderBy} Spark would run the job twice. */
    static List<Row> sorted(Dataset<Row> rows) {
        return rows.collectAsList()
                .stream()
                .sorted(Comparator.comparing((Row row) -> row.getString(0))
                        .thenComparing(row -> row.isNullAt(2) ? 0 : row.<Number>getAs(2).doubleValue()))
                .toList();
    }

    static SparkSession.Builder builder(String master) {
        return SparkSession.builder()
                .master(master)
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.session.timeZone", "Europe/Berlin");
    }
}
