import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Starts one Elasticsearch node out of the jars on the class path: {@code java -cp classes:lib/* Launcher HOME DATA PORT}.
 * HOME holds modules/, DATA belongs to this run. The node has no security, no ES|QL and no root handler: what a client
 * must survive of these, the rig's gate adds in front of it.
 */
public final class Launcher {
    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[0]);
        Path data = Files.createDirectories(Path.of(args[1]));
        Path config = Files.createDirectories(data.resolve("config"));
        Settings settings = Settings.builder()
            .put("path.home", home)
            .put("path.data", data.resolve("data"))
            .put("path.logs", data.resolve("logs"))
            .put("node.name", "rig")
            .put("cluster.name", "rig")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", args[2])
            .put("transport.port", "0")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
        LogConfigurator.registerErrorListener();
        LogConfigurator.setNodeName("rig");
        Environment env = new Environment(settings, config);
        LogConfigurator.configureESLogging();
        PluginsLoader plugins = PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(env.modulesDir()), Set.of(), Map.of(), false);
        Node node = new Node(env, plugins);
        node.start();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (Exception e) {
                System.err.println("close node: " + e);
            } finally {
                stopped.countDown();
            }
        }));
        stopped.await();
    }
}
