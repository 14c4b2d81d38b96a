package org.ttm4j.spark;

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

    static SparkSession.Builder builder(String master) {
        return SparkSession.builder()
                .master(master)
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 4)
                .config("spark.sql.session.timeZone", "Europe/Berlin");
    }
}
