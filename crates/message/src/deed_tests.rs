#![allow(clippy::unwrap_used, reason = "a test")]

use super::*;

fn one(text: &str) -> Result<Deed, Flaw> {
    read(text.as_bytes()).map(|mut deeds| deeds.all.remove(0))
}

#[test]
fn a_call_of_a_tool_is_read_with_all_that_it_is_told() {
    let call = one(r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"delete_issue",
        "arguments":{"id": 12},"_meta":{"progressToken":1,"com.example/force":true},"task":{"ttl":1}}}"#)
    .unwrap();
    let Asks::Tool(tool) = &call.asks else { panic!("{call:?}") };
    assert_eq!((tool.name.as_str(), tool.arguments.as_deref()), ("delete_issue", Some(r#"{"id": 12}"#)));
    let beside: Vec<_> = tool.beside.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(beside, ["_meta.com.example/force=true", r#"task={"ttl":1}"#]);
    assert_eq!((call.id, call.subject.as_deref()), (Some(7.into()), Some("delete_issue")));
}

#[test]
fn all_that_any_call_is_told_is_in_it_but_for_what_tells_messages_apart() {
    let said = |method: &str, rest: &str| {
        let text = format!(r#"{{"jsonrpc":"2.0","id":7,"method":"{method}",{rest}}}"#);
        let call = one(&text).unwrap().call().unwrap().clone();
        let beside = call.beside.iter().map(|(key, value)| format!("{key}={value}"));
        (beside.collect::<Vec<_>>(), call.arguments, call.sender.len())
    };
    let all = r#""params":{"name":"x","arguments":{"a":1},"_meta":{"force":true,"progressToken":1}}"#;
    let beside = |rest: &[&str]| rest.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    for method in ["tools/delete", "prompts/get"] {
        let told = (beside(&["_meta.force=true", "name=\"x\""]), Some(r#"{"a":1}"#.into()), 0);
        assert_eq!(said(method, all), told, "{method}");
    }
    // Whatever is in no form that anybody expects, or where nobody looks for it.
    let odd = r#""params":{"arguments":[1],"_meta":"x"},"force":true"#;
    assert_eq!(said("x", odd).0, ["_meta=\"x\"", "arguments=[1]", "force=true"]);
    let meta = r#""params":{"_meta":{"progressToken":{},"traceparent":"00","io.modelcontextprotocol/x":1,
        "io.modelcontextprotocol/clientInfo":{"name":"x"}}}"#;
    let (beside, _, sender) = said("x", meta);
    assert_eq!((beside.len(), sender), (2, 1), "{beside:?}");
}

#[test]
fn what_is_asked_for_is_told_by_the_method() {
    let asks = |method: &str, params: &str| {
        one(&format!(r#"{{"jsonrpc":"2.0","id":"a","method":"{method}","params":{params}}}"#)).unwrap().asks
    };
    for method in ["ping", "initialize", "tools/list", "server/discover", "resources/list"] {
        assert!(matches!(asks(method, "{}"), Asks::Nothing), "{method}");
    }
    for method in ["resources/read", "prompts/get", "completion/complete", "tasks/get"] {
        assert!(matches!(asks(method, r#"{"name":"a","uri":"b","taskId":"c"}"#), Asks::Read(_)), "{method}");
    }
    for method in ["tasks/cancel", "tools/Call", "tools/delete", "x", "", "sampling/createMessage"] {
        assert!(matches!(asks(method, "{}"), Asks::Unknown(_)), "{method}");
    }
    let told = |method: &str| one(&format!(r#"{{"jsonrpc":"2.0","method":"{method}"}}"#)).unwrap().asks;
    assert!(matches!(told("notifications/cancelled"), Asks::Nothing));
    assert!(matches!(told("notifications/of/mine"), Asks::Unknown(_)));
    assert!(matches!(one(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#).unwrap().asks, Asks::Nothing));
}

#[test]
fn what_a_server_could_read_otherwise_is_refused() {
    let call = |rest: &str| one(&format!(r#"{{"jsonrpc":"2.0",{rest}}}"#)).err();
    let params = r#""params":{"name":"a"}"#;
    for (rest, flaw) in [
        (format!(r#""method":"tools/call",{params}"#), Flaw::NoId),
        (format!(r#""id":null,"method":"tools/call",{params}"#), Flaw::NoId),
        (format!(r#""id":{{}},"method":"tools/call",{params}"#), Flaw::NoId),
        (r#""id":1,"method":"notifications/cancelled""#.to_owned(), Flaw::NotificationWithId),
        (format!(r#""id":1,"method":"tools/list","method":"tools/call",{params}"#), Flaw::AlikeKeys),
        (format!(r#""id":1,"method":"tools/list","Method":"tools/call",{params}"#), Flaw::AlikeKeys),
        (format!(r#""id":1,"METHOD":"tools/call",{params}"#), Flaw::AlikeKeys),
        (r#""id":1,"method":"tools/call","params":{"name":"a","Name":"b"}"#.to_owned(), Flaw::AlikeKeys),
        (r#""id":1,"method":"tools/call","params":{"NAME":"b"}"#.to_owned(), Flaw::AlikeKeys),
        (r#""id":1,"method":"tasks/get","params":{"taskid":"b"}"#.to_owned(), Flaw::AlikeKeys),
        (r#""id":1,"method":"tools/call","paramſ":{"name":"b"}"#.to_owned(), Flaw::AlikeKeys),
        (r#""id":1,"method":"tools/call""#.to_owned(), Flaw::NoMessage),
        (r#""id":1,"method":"tools/call","params":["a"]"#.to_owned(), Flaw::NoMessage),
        (r#""id":1,"method":"tools/call","params":{"name":7}"#.to_owned(), Flaw::NoMessage),
        (r#""id":1,"method":"tools/call","params":{"name":"a","arguments":[]}"#.to_owned(), Flaw::NoMessage),
        (format!(r#""id":1,"method":"tools/call","result":{{}},{params}"#), Flaw::NoMessage),
        (r#""id":1,"method":7"#.to_owned(), Flaw::NoMessage),
        (r#""id":1"#.to_owned(), Flaw::NoMessage),
        (r#""id":1,"result":{},"error":{}"#.to_owned(), Flaw::NoMessage),
        (r#""result":{}"#.to_owned(), Flaw::NoMessage),
    ] {
        assert_eq!(call(&rest), Some(flaw), "{rest}");
    }
    assert_eq!(one(r#"{"id":1,"method":"ping"}"#).err(), Some(Flaw::NoMessage));
    assert_eq!(read(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\xff\"}").err(), Some(Flaw::NoMessage));
}

#[test]
fn of_a_batch_every_message_is_read_and_one_that_is_flawed_takes_all_along() {
    let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    let deeds = read(format!(" [{ping},{ping}]").as_bytes()).unwrap();
    assert!(deeds.batch && deeds.all.len() == 2);
    assert_eq!(read(format!("[{ping},7]").as_bytes()).err(), Some(Flaw::NoMessage));
    assert_eq!(read(b"[]").err(), Some(Flaw::BatchSize));
    let many = vec![ping; MOST + 1].join(",");
    assert_eq!(read(format!("[{many}]").as_bytes()).err(), Some(Flaw::BatchSize));
}

#[test]
fn no_message_is_deeper_than_other_readers_go_wherever_its_levels_are() {
    let list = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let beside = |levels| format!(r#"{{"jsonrpc":"2.0","id":1,"method":"x","a":{}}}"#, list(levels));
    let told =
        |levels| format!(r#"{{"jsonrpc":"2.0","id":1,"method":"x","params":{{"a":{}}}}}"#, list(levels));
    let batch = |levels| format!("[{}]", told(levels));
    for (of, most) in [(&beside as &dyn Fn(usize) -> String, 126), (&told, 125), (&batch, 124)] {
        assert!(read(of(most).as_bytes()).is_ok());
        assert_eq!(read(of(most + 1).as_bytes()).err(), Some(Flaw::NoMessage));
        for levels in [most, most + 1] {
            let read_by_others = serde_json::from_str::<Value>(&of(levels)).is_ok();
            assert_eq!(read_by_others, levels == most);
        }
    }
}
