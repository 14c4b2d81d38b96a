import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Java agent that stops the JVM, as a power cut would, before a change to the file system: {@code -javaagent:JAR=N,FILE}
 * stops before the N-th and with N = 0 never, and writes the number of changes to FILE at the end. With {@code
 * N,FILE,SIGNAL} it sends itself a signal, such as TERM, and goes on, as a program does that is asked to end. It counts what the
 * JDK's file system and its file channels ask the system for: open to write, write, truncate, force, rename, delete, make a
 * folder. Needs JDK 24 or newer, and must be in the boot class path.
 */
public final class CrashPoints {
    private static final Map<String, Set<String>> CHANGES = Map.of("sun/nio/fs/UnixNativeDispatcher",
            Set.of("rename", "unlink", "rmdir", "mkdir"), "sun/nio/ch/UnixFileDispatcherImpl",
            Set.of("write", "pwrite", "writev", "truncate", "force"), "sun/nio/fs/UnixChannelFactory",
            Set.of("newFileChannel"));
    private static final AtomicInteger CHANGES_SO_FAR = new AtomicInteger();
    private static int last;
    /** Null to halt. */
    private static String signal;
    private static boolean counting;

    private CrashPoints() {}

    public static void premain(String argument, Instrumentation instrumentation) throws Exception {
        String[] parts = argument.split(",");
        last = Integer.parseInt(parts[0]);
        Path file = Path.of(parts[1]);
        signal = parts.length > 2 ? parts[2] : null;
        Files.writeString(file, "0");
        // Loaded before they are changed, so that counting meets no class that is being loaded.
        for (String name : CHANGES.keySet()) Class.forName(name.replace('/', '.'));
        instrumentation.addTransformer(new Transformer(), true);
        for (String name : CHANGES.keySet()) {
            instrumentation.retransformClasses(Class.forName(name.replace('/', '.')));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            counting = false;
            try {
                Files.writeString(file, Integer.toString(CHANGES_SO_FAR.get()));
            } catch (java.io.IOException e) {
                Runtime.getRuntime().halt(3);
            }
        }));
        counting = true;
    }

    /** Called before each change. */
    public static void beforeChange() {
        if (!counting || CHANGES_SO_FAR.incrementAndGet() != last) return;
        if (signal == null) Runtime.getRuntime().halt(137);
        sun.misc.Signal.raise(new sun.misc.Signal(signal));
    }

    private static final class Transformer implements ClassFileTransformer {
        @Override
        public byte[] transform(ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] bytes) {
            Set<String> methods = CHANGES.get(name);
            if (methods == null) return null;
            ClassFile file = ClassFile.of();
            return file.transformClass(file.parse(bytes), ClassTransform.transformingMethodBodies(
                    method -> methods.contains(method.methodName().stringValue()), new CodeTransform() {
                        @Override
                        public void atStart(CodeBuilder code) {
                            code.invokestatic(ClassDesc.of("CrashPoints"), "beforeChange",
                                    MethodTypeDesc.of(ConstantDescs.CD_void));
                        }

                        @Override
                        public void accept(CodeBuilder code, CodeElement element) {
                            code.with(element);
                        }
                    }));
        }
    }
}
