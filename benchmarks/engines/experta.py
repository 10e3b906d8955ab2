"""experta. It imports up to Python 3.9 only, so nothing else is imported here."""

from experta import MATCH, NOT, Fact, KnowledgeEngine, P, Rule

TESTS = {
    "is": lambda operand: lambda value: value == operand,
    "is_not": lambda operand: lambda value: value is not None and value != operand,
    "at_least": lambda operand: lambda value: value is not None and value >= operand,
    "at_most": lambda operand: lambda value: value is not None and value <= operand,
}


class Contestant:
    def __init__(self, problem):
        methods = {f"clause_{n}": self.rule(clause) for n, clause in enumerate(problem["clauses"])}
        self.fired = []
        self.engine = type("Engine", (KnowledgeEngine,), methods)()

    def rule(self, clause):
        positives = []
        for name, state, comparison, operand in clause["positives"]:
            test = {"value": P(TESTS[comparison](operand))} if comparison else {}
            positives.append(Fact(name=name, state=state, instance=MATCH.instance, **test))
        absences = [
            NOT(Fact(name=name, state="present", instance=MATCH.instance)) for name in clause["unless"]
        ]

        def act(engine, instance):
            self.fired.append((clause["rule"], instance))
            for head in clause["heads"]:
                engine.declare(Fact(name=head, state="present", instance=instance, value=None))

        return Rule(*positives, *absences, salience=-clause["stratum"])(act)

    def prepare(self, facts):
        return facts

    def fire(self, facts):
        self.fired.clear()
        self.engine.reset()
        for name, state, instance, value in facts:
            self.engine.declare(Fact(name=name, state=state, instance=instance, value=value))
        self.engine.run()
        return self.fired

    def conclusions(self, fired):
        return fired
