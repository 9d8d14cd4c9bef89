//! A parse tree as the server prints it (`nodeToString`), as far as it is looked at.
//!
//! Owns the reading of the format: nodes, what they lie in, and the plain words of their fields
//! (`pg_strtok` in `src/backend/nodes/read.c`). What a node means is for those who ask.

use std::collections::BTreeSet;

/// The nodes, each behind the one it lies in.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
}

/// A node.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Such as `FUNCEXPR`.
    pub(super) name: String,
    /// Its own number.
    at: usize,
    /// The number of the node it lies in, and the field there.
    parent: Option<usize>,
    field: String,
    /// The number behind the last node that lies in it.
    end: usize,
    /// The words of its fields, in order; of a list each word.
    words: Vec<(String, String)>,
}

impl Tree {
    /// Reads a tree; nothing if it is none.
    pub(super) fn read(text: &str) -> Option<Tree> {
        let mut tree = Tree::default();
        // The nodes that are open, with the field that is being read.
        let mut open: Vec<(usize, String)> = Vec::new();
        let mut tokens = Tokens { rest: text };
        while let Some(token) = tokens.next() {
            match token {
                "{" => {
                    let (parent, field) = open.last().cloned().unzip();
                    let name = tokens.next()?.to_owned();
                    let at = tree.nodes.len();
                    open.push((at, String::new()));
                    let field = field.unwrap_or_default();
                    tree.nodes.push(Node {
                        name,
                        at,
                        parent,
                        field,
                        end: at + 1,
                        words: Vec::new(),
                    });
                }
                "}" => {
                    let (node, _) = open.pop()?;
                    tree.nodes[node].end = tree.nodes.len();
                }
                "(" | ")" => {}
                word => match (word.strip_prefix(':'), open.last_mut()) {
                    (Some(field), Some((_, current))) => field.clone_into(current),
                    (None, Some((node, field))) => {
                        tree.nodes[*node].words.push((field.clone(), word.to_owned()));
                    }
                    // The body of a function is a list.
                    (_, None) => {}
                },
            }
        }
        open.is_empty().then_some(tree)
    }

    /// The node around a node.
    pub(super) fn around(&self, node: &Node) -> Option<&Node> {
        self.nodes.get(node.parent?)
    }

    /// The nodes around a node, from inside.
    pub(super) fn all_around<'t>(&'t self, node: &'t Node) -> impl Iterator<Item = &'t Node> {
        std::iter::successors(self.around(node), |inner| self.around(inner))
    }

    /// The nodes that lie in a node, however deep.
    pub(super) fn inside(&self, node: &Node) -> impl Iterator<Item = &Node> {
        self.nodes.get(node.at + 1..node.end).unwrap_or_default().iter()
    }

    /// The nodes that are a field of a node, or the members of one.
    pub(super) fn below<'t>(
        &'t self,
        node: &Node,
        field: &'static str,
    ) -> impl Iterator<Item = &'t Node> + use<'t> {
        let (mut next, end) = (node.at + 1, node.end);
        std::iter::from_fn(move || {
            while next < end {
                let child = self.nodes.get(next)?;
                next = child.end;
                if child.field == field {
                    return Some(child);
                }
            }
            None
        })
    }

    /// The nodes but those that only list columns: of the tables side by side, of EXCLUDED, and in these fields.
    pub(super) fn kept<'t>(&'t self, fields: &'t [&str]) -> impl Iterator<Item = &'t Node> {
        const LISTS: [&str; 2] = ["joinaliasvars", "exclRelTlist"];
        let mut next = 0;
        std::iter::from_fn(move || {
            while let Some(node) = self.nodes.get(next) {
                if LISTS.contains(&node.field.as_str()) || fields.contains(&node.field.as_str()) {
                    next = node.end;
                    continue;
                }
                next += 1;
                return Some(node);
            }
            None
        })
    }

    /// The tables and views that it names, by their ids.
    pub(super) fn relations(&self) -> BTreeSet<u32> {
        let ids = self.nodes.iter().filter_map(|node| node.word("relid"));
        ids.filter_map(|id| id.parse().ok()).filter(|id| *id != 0).collect()
    }

    /// The nodes with a name.
    pub(super) fn named<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t Node> {
        self.nodes.iter().filter(move |node| node.name == name)
    }
}

impl Node {
    /// Whether both are the same node of one tree.
    pub(super) fn is(&self, other: &Node) -> bool {
        self.at == other.at
    }

    /// The words of its fields, but for those that only number the columns of tables side by side and those
    /// that say where in a text something stands.
    pub(super) fn plain_words(&self) -> impl Iterator<Item = (&str, &str)> {
        const LISTS: [&str; 5] =
            ["joinleftcols", "joinrightcols", "varnosyn", "varattnosyn", "location"];
        let kept = self.words.iter().filter(|(field, _)| !LISTS.contains(&field.as_str()));
        kept.map(|(field, word)| (field.as_str(), word.as_str()))
    }

    /// The first word of a field.
    pub(super) fn word(&self, field: &str) -> Option<&str> {
        self.words.iter().find(|(of, _)| of == field).map(|(_, word)| word.as_str())
    }

    /// All words of a field.
    pub(super) fn words<'n>(&'n self, field: &'n str) -> impl Iterator<Item = &'n str> {
        self.words.iter().filter(move |(of, _)| of == field).map(|(_, word)| word.as_str())
    }

    /// A number that a field is.
    pub(super) fn number(&self, field: &str) -> Option<i64> {
        self.word(field)?.parse().ok()
    }

    /// The object ids in a field, be it one or a list.
    pub(super) fn oids<'n>(&'n self, field: &'n str) -> impl Iterator<Item = u32> + 'n {
        let words = self.words.iter().filter(move |(of, _)| of == field);
        words.filter_map(|(_, word)| word.parse().ok())
    }
}

/// Words and brackets.
struct Tokens<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Tokens<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.rest.trim_start_matches([' ', '\n', '\t']);
        let is_bracket = |c| matches!(c, '(' | ')' | '{' | '}');
        let first = rest.chars().next()?;
        let end = if is_bracket(first) {
            1
        } else {
            let mut escaped = false;
            let ends = |c: char| {
                let plain = !escaped && (is_bracket(c) || matches!(c, ' ' | '\n' | '\t'));
                escaped = !escaped && c == '\\';
                plain
            };
            rest.find(ends).unwrap_or(rest.len())
        };
        let (token, rest) = rest.split_at(end);
        self.rest = rest;
        Some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_lie_in_nodes() {
        let text = "(({QUERY :a <> :targetList ({TARGETENTRY :expr {FUNCEXPR :funcid 1397 :args ({PARAM \
                    :paramid 1 :location 9}) :location 5} :resname \\{x\\ y\\}} {CONST :consttype 23 \
                    :constvalue 4 [ 1 0 ]}) :funccoltypes (o 25 1184) :last true}))";
        let tree = Tree::read(text).unwrap();
        let names: Vec<&str> = tree.nodes.iter().map(|n| n.name.as_str()).collect();
        assert_eq!(names, ["QUERY", "TARGETENTRY", "FUNCEXPR", "PARAM", "CONST"]);
        let param = tree.named("PARAM").next().unwrap();
        assert_eq!(param.number("paramid"), Some(1));
        let around: Vec<&str> = tree.all_around(param).map(|n| n.name.as_str()).collect();
        assert_eq!(around, ["FUNCEXPR", "TARGETENTRY", "QUERY"]);
        assert_eq!(tree.around(param).unwrap().number("location"), Some(5));
        assert_eq!(tree.nodes[0].oids("funccoltypes").collect::<Vec<_>>(), [25, 1184]);
        assert_eq!(tree.nodes[0].number("targetList"), None);
        let below: Vec<&str> =
            tree.below(&tree.nodes[0], "targetList").map(|n| n.name.as_str()).collect();
        assert_eq!(below, ["TARGETENTRY", "CONST"]);
        assert_eq!(tree.below(&tree.nodes[2], "args").count(), 1);
        assert_eq!(
            tree.inside(&tree.nodes[2]).map(|n| n.name.as_str()).collect::<Vec<_>>(),
            ["PARAM"]
        );
        assert_eq!(
            tree.nodes[4].words("constvalue").collect::<Vec<_>>(),
            ["4", "[", "1", "0", "]"]
        );
    }

    #[test]
    fn what_is_cut_off_is_no_tree() {
        assert!(Tree::read("({QUERY :a {CONST :b 1}").is_none());
        assert!(Tree::read("({QUERY :a 1}}").is_none());
        assert!(Tree::read("").is_some_and(|tree| tree.nodes.is_empty()));
    }
}
