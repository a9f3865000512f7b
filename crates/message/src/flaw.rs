//! Why a message cannot be judged.

/// Why a message cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It is no JSON-RPC message, or one of several kinds at once.
    #[error("no message")]
    NoMessage,
    /// Two keys of one object are the same to some readers: equal, or but for upper and lower case.
    #[error("alike keys")]
    AlikeKeys,
    /// It asks for something, and has no ID that an answer could name.
    #[error("no id")]
    NoId,
    /// It tells of something, and has an ID.
    #[error("notification with id")]
    NotificationWithId,
    /// It is a batch of more messages than are judged at once, or of none.
    #[error("batch size")]
    BatchSize,
}
