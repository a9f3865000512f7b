//! A server as others write them in Rust, with the official SDK. Tests of this crate speak to it.

#![allow(clippy::unused_async, reason = "the macros of the SDK have it so")]

use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::transport::stdio;
use rmcp::{ServerHandler, ServiceExt, schemars, tool, tool_handler, tool_router};
use std::error::Error;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Adds {
    a: i64,
    b: i64,
}

#[derive(Debug, Clone)]
struct Adder {
    tool_router: ToolRouter<Self>,
}

#[tool_router(router = tool_router)]
impl Adder {
    #[tool(description = "adds")]
    async fn add(&self, Parameters(Adds { a, b }): Parameters<Adds>) -> String {
        (a + b).to_string()
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Adder {}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = Adder { tool_router: Adder::tool_router() }.serve(stdio()).await?;
    server.waiting().await?;
    Ok(())
}
