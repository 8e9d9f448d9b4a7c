namespace Monitoring.Alerts.Notifiers;

/// <summary>How the connection to a mail server is encrypted.</summary>
public enum EmailEncryption
{
    /// <summary>The connection begins in the clear and is encrypted before anything is said (RFC 3207); without that nothing is sent.</summary>
    StartTls,

    /// <summary>The connection is encrypted from its first byte (RFC 8314).</summary>
    Tls,

    /// <summary>The connection is not encrypted.</summary>
    None,
}
