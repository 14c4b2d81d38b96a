/**
 * Float32 kernels: each as the plainest loop, tuned in plain Java, and, where that is faster, on the JDK Vector API.
 *
 * <p>jdk.incubator.vector is not named here, because it is optional and because javac would warn in every module that
 * requires this one: the compiler reads it by a flag (engine/pom.xml), and at run time KernelSelection adds the read
 * edge where the module is present.
 */
module org.ttm4j.engine {
    requires static jdk.management;

    exports org.ttm4j.engine;
    exports org.ttm4j.engine.kernel;
    exports org.ttm4j.engine.reference;
}
