/** Float32 kernels: a readable scalar implementation of each and a fast one on the JDK Vector API. */
module org.ttm4j.engine {
    requires static jdk.incubator.vector;

    exports org.ttm4j.engine;
}
