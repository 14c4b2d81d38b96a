package org.ttm4j.flink;

import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One cluster with two slots in this JVM, for all classes that it extends: execution environments are of it while their tests
 * run. Without it, every job starts a cluster of its own.
 */
final class LocalCluster implements BeforeAllCallback, AfterAllCallback {
    private static final int SLOTS = 2;

    @Override
    public void beforeAll(ExtensionContext context) {
        MiniCluster cluster = context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent(LocalCluster.class, any -> start(), MiniCluster.class);
        TestStreamEnvironment.setAsContext(cluster, SLOTS);
    }

    /** JUnit closes it in the end. */
    private static MiniCluster start() {
        MiniCluster cluster = new MiniCluster(
                new MiniClusterConfiguration.Builder().setNumSlotsPerTaskManager(SLOTS).withRandomPorts().build());
        try {
            cluster.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return cluster;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        TestStreamEnvironment.unsetAsContext();
    }
}
