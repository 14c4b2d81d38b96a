/**
 * Float32 kernels: a readable scalar implementation of each and a fast one on the JDK Vector API.
 *
 * <p>jdk.incubator.vector is not named here, because it is optional and because javac would warn in every module that
 * requires this one: the compiler reads it by a flag (engine/pom.xml), and at run time KernelSelection adds the read
 * edge where the module is present.
 */
module org.ttm4j.engine {
    requires static jdk.management;

    exports org.ttm4j.engine;
}
