-- A rule written wrong leaves cells without a group, or is hidden by one before it.
with

cells as (

    select * from {{ ref('crm_segmentation', 'rfm_cells') }}

),

presets as (

    select * from {{ ref('crm_segmentation', 'rfm_presets') }}

),

rules as (

    select * from {{ ref('crm_segmentation', 'rfm_groups') }}

),

first_rules as (

    select distinct
        preset,
        rule_number

    from cells

),

uncovered as (

    select
        presets.preset,
        count(cells.preset) as cell_count

    from presets

    left join cells on presets.preset = cells.preset and cells.rule_number is null

    group by presets.preset

),

hidden as (

    select
        rules.preset,
        count(*) - count(first_rules.rule_number) as rule_count

    from rules

    left join first_rules on rules.preset = first_rules.preset and rules.rule_number = first_rules.rule_number

    group by rules.preset

),

violations as (

    select
        presets.preset,
        presets.cells_without_rule,
        uncovered.cell_count,
        presets.rules_never_first,
        hidden.rule_count,
        case
            when uncovered.cell_count > presets.cells_without_rule then 'cells without a group'
            when uncovered.cell_count < presets.cells_without_rule then 'fewer cells without a group than its seed says'
            when hidden.rule_count > presets.rules_never_first then 'rules that others before them hide'
            else 'fewer hidden rules than its seed says, or no rule'
        end as problem

    from presets

    left join uncovered on presets.preset = uncovered.preset

    left join hidden on presets.preset = hidden.preset

    where
        uncovered.cell_count != presets.cells_without_rule
        or coalesce(hidden.rule_count, -1) != presets.rules_never_first

)

select * from violations
