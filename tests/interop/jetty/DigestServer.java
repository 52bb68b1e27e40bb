import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.security.ConstraintMapping;
import org.eclipse.jetty.security.ConstraintSecurityHandler;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.security.authentication.DigestAuthenticator;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.security.Constraint;
import org.eclipse.jetty.util.security.Password;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty with its DigestAuthenticator over TLS, serving two JSON files. WORK and PORT come from the environment. */
public final class DigestServer {
    public static void main(String[] arguments) throws Exception {
        Path work = Path.of(System.getenv("WORK"));
        Server server = new Server();
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(work.resolve("server.p12").toString());
        tls.setKeyStorePassword("changeit");
        ServerConnector connector = new ServerConnector(server, tls);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(System.getenv("PORT")));
        server.addConnector(connector);

        ResourceHandler files = new ResourceHandler();
        files.setResourceBase(work.resolve("htdocs").toString());
        files.setWelcomeFiles(new String[] {"index.json"});
        ConstraintSecurityHandler protection = protection(work);
        protection.setHandler(files);
        server.setHandler(protection);
        server.start();
        server.join();
    }

    private static ConstraintSecurityHandler protection(Path work) throws Exception {
        UserStore users = new UserStore();
        users.addUser("owner", new Password(Files.readString(work.resolve("owner.key"))), new String[] {"api"});
        HashLoginService login = new HashLoginService("static");
        login.setUserStore(users);
        Constraint constraint = new Constraint(Constraint.__DIGEST_AUTH, "api");
        constraint.setAuthenticate(true);
        ConstraintMapping everything = new ConstraintMapping();
        everything.setPathSpec("/*");
        everything.setConstraint(constraint);
        DigestAuthenticator digest = new DigestAuthenticator();
        digest.setMaxNonceAge(2000);
        ConstraintSecurityHandler protection = new ConstraintSecurityHandler();
        protection.setLoginService(login);
        protection.setAuthenticator(digest);
        protection.addConstraintMapping(everything);
        return protection;
    }
}
