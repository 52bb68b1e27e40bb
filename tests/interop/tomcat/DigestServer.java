import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.authenticator.DigestAuthenticator;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/** Tomcat with its DigestAuthenticator over TLS, serving two JSON files. WORK and PORT come from the environment. */
public final class DigestServer {
    public static void main(String[] arguments) throws Exception {
        Path work = Path.of(System.getenv("WORK"));
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(work.resolve("tomcat").toString());
        tomcat.setConnector(connector(work));
        tomcat.addUser("owner", Files.readString(work.resolve("owner.key")));
        tomcat.addRole("owner", "api");

        Context context = new StandardContext();
        context.setPath("");
        context.setDocBase(work.resolve("htdocs").toString());
        // Debian's jar leaves the classes of annotations out.
        context.setIgnoreAnnotations(true);
        context.addLifecycleListener(event -> {
            if (event.getType().equals(Lifecycle.CONFIGURE_START_EVENT)) {
                context.setConfigured(true);
            }
        });
        tomcat.getHost().addChild(context);
        Tomcat.addServlet(context, "files", new DefaultServlet());
        context.addServletMappingDecoded("/", "files");
        context.addMimeMapping("json", "application/json");
        context.addWelcomeFile("index.json");
        protect(context);
        tomcat.start();
        tomcat.getServer().await();
    }

    private static Connector connector(Path work) {
        Connector connector = new Connector();
        connector.setPort(Integer.parseInt(System.getenv("PORT")));
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("SSLEnabled", "true");
        connector.setSecure(true);
        connector.setScheme("https");
        SSLHostConfig host = new SSLHostConfig();
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.RSA);
        certificate.setCertificateFile(work.resolve("server.pem").toString());
        certificate.setCertificateKeyFile(work.resolve("server.key").toString());
        host.addCertificate(certificate);
        connector.addSslHostConfig(host);
        return connector;
    }

    private static void protect(Context context) {
        SecurityCollection everything = new SecurityCollection();
        everything.addPattern("/*");
        SecurityConstraint constraint = new SecurityConstraint();
        constraint.addCollection(everything);
        constraint.addAuthRole("api");
        context.addSecurityRole("api");
        context.addConstraint(constraint);
        context.setLoginConfig(new LoginConfig("DIGEST", "static", null, null));
        DigestAuthenticator digest = new DigestAuthenticator();
        digest.setNonceValidity(2000);
        context.getPipeline().addValve(digest);
    }
}
