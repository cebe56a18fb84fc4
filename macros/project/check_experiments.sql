{# Everything wrong with the experiments, in one message that says what to write instead. #}
{% macro check_experiments() %}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- do crm_segmentation.stop_on_shapes('Experiment', 'models/marts/experiments/experiments.yml', {
        'experiments.yml': crm_segmentation.experiment_meta().get('experiments') or [], 'the variable experiments': var('experiments') or [],
    }, ['hypothesis', 'segment', 'assigned_by', 'control'], ['metrics']) -%}
    {%- do crm_segmentation.stop_on_variants() -%}
    {%- set segments = ['all'] + crm_segmentation.known_segment_names() -%}
    {%- set metrics = (crm_segmentation.experiment_meta().get('metrics') or []) | map(attribute='name') | list -%}
    {%- set problems, catalogue = [], crm_segmentation.experiment_catalogue() -%}
    {%- for list_name, experiments in {
        'experiments.yml': crm_segmentation.experiment_meta().get('experiments') or [], 'the variable experiments': var('experiments') or [],
    }.items() -%}
        {%- set names = experiments | map(attribute='name', default='') | list -%}
        {%- for name in names | unique if names.count(name) > 1 -%}
            {%- do problems.append("Experiment '" ~ name ~ "' stands " ~ names.count(name) ~ " times in " ~ list_name ~ ". Give each its own name.") -%}
        {%- endfor -%}
        {%- do problems.extend(crm_segmentation.unknown_key_problems('Experiment', experiments, catalogue, ['demo_only'])) -%}
    {%- endfor -%}
    {%- for experiment in catalogue -%}
        {%- do problems.extend(crm_segmentation.experiment_problems(experiment, segments, metrics)) -%}
    {%- endfor -%}
    {%- do crm_segmentation.stop_on_problems('Experiment', 'models/marts/experiments/experiments.yml', problems) -%}
{% endmacro %}


{# Stops at variants that are none, or have a key that nothing reads: a misspelt weight would be one of 1. #}
{% macro stop_on_variants() %}
    {%- set problems, known = [], ['name', 'weight', 'factors'] -%}
    {%- for experiment in (crm_segmentation.experiment_meta().get('experiments') or []) + (var('experiments') or []) -%}
        {%- set who = "Experiment '" ~ experiment.name ~ "' has the variant '" -%}
        {%- set variants = experiment.get('variants') or [] -%}
        {%- for variant in ([variants] if variants is mapping or variants is string else variants) -%}
            {%- if variant is not mapping or variant.get('name') is not string or variants is mapping -%}
                {%- do problems.append(who ~ variant ~ "'. Write variants as a list of names, for example variants: [{name: control}, {name: offer, weight: 2}].") -%}
            {%- else -%}
                {%- for key in variant if key not in known -%}
                    {%- do problems.append(
                        who ~ variant.name ~ "' with the key '" ~ key ~ "', which nothing reads. " ~ crm_segmentation.meant(key, known)
                        ~ " Keys are: " ~ known | join(', ') ~ "."
                    ) -%}
                {%- endfor -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do crm_segmentation.stop_on_problems('Experiment', 'models/marts/experiments/experiments.yml', problems) -%}
{% endmacro %}


{% macro experiment_problems(experiment, segments, metrics) %}
    {%- set problems = [] -%}
    {%- set who = "Experiment '" ~ experiment.name ~ "' " -%}
    {%- set variants = experiment.variants | map(attribute='name', default='') | list -%}
    {%- if not modules.re.match('^[a-z][a-z0-9_]*$', experiment.name or '') -%}
        {%- do problems.append(who ~ "has a name that is not lower-case words joined by underscores. Rename it, for example win_back_offer.") -%}
    {%- endif -%}
    {%- if not experiment.hypothesis -%}
        {%- do problems.append(who ~ "has no hypothesis. Write what you expect and why before it starts, for example hypothesis: Free shipping makes more of them buy.") -%}
    {%- endif -%}
    {%- if experiment.segment not in segments -%}
        {%- set near = crm_segmentation.nearest_names(experiment.segment, segments) -%}
        {%- do problems.append(
            who ~ "is for the segment '" ~ experiment.segment ~ "', which segments.yml does not have. "
            ~ ("Did you mean " ~ near | join(' or ') ~ "? " if near else "") ~ "Write the name of a segment, or all."
        ) -%}
    {%- endif -%}
    {%- if experiment.assigned_by not in ['hash', 'source'] -%}
        {%- do problems.append(who ~ "is assigned_by '" ~ experiment.assigned_by ~ "'. Write hash (this project assigns) or source (raw_experiment_assignments does).") -%}
    {%- endif -%}
    {%- for moment in ['starts_on', 'ends_on'] if not crm_segmentation.is_day(experiment[moment]) -%}
        {%- do problems.append(who ~ "has " ~ moment ~ " '" ~ experiment[moment] ~ "'. Write a day as yyyy-mm-dd.") -%}
    {%- endfor -%}
    {%- if experiment.ends_on < experiment.starts_on -%}
        {%- do problems.append(who ~ "ends on " ~ experiment.ends_on ~ ", before it starts on " ~ experiment.starts_on ~ ". Swap the days.") -%}
    {%- endif -%}
    {%- if variants | length < 2 or variants | unique | list | length < variants | length -%}
        {%- do problems.append(who ~ "has the variants " ~ variants | join(', ') ~ ". List two or more, each with its own name.") -%}
    {%- endif -%}
    {%- if experiment.control not in variants -%}
        {%- do problems.append(who ~ "is compared with the variant '" ~ experiment.control ~ "', which it does not have. Name one of its variants under control: " ~ variants | join(', ') ~ ".") -%}
    {%- endif -%}
    {%- for variant in experiment.variants if variant.get('weight', 1) is not integer or variant.get('weight', 1) < 1 -%}
        {%- do problems.append(who ~ "gives the variant '" ~ variant.name ~ "' the weight '" ~ variant.weight ~ "'. Write a whole number of 1 or more; shares follow from the sum.") -%}
    {%- endfor -%}
    {%- for variant in experiment.variants if variant.name != (variant.name or '') | lower -%}
        {%- do problems.append(who ~ "has the variant '" ~ variant.name ~ "'. Write it in lower case, as assignments are read.") -%}
    {%- endfor -%}
    {%- for metric in experiment.metrics if metric not in metrics -%}
        {%- do problems.append(who ~ "measures '" ~ metric ~ "', which is no metric. Write one of: " ~ metrics | join(', ') ~ ", or add it under meta.metrics of experiments.yml.") -%}
    {%- endfor -%}
    {%- if experiment.minimum_contacts is not integer or experiment.minimum_contacts < 2 -%}
        {%- do problems.append(who ~ "has minimum_contacts '" ~ experiment.minimum_contacts ~ "'. Write a whole number of 2 or more, per variant.") -%}
    {%- endif -%}
    {%- if experiment.relevant_lift is not number or experiment.relevant_lift <= 0 -%}
        {%- do problems.append(who ~ "has relevant_lift '" ~ experiment.relevant_lift ~ "'. Write the smallest lift worth having as a share above 0, for example 0.1 for 10 %.") -%}
    {%- endif -%}
    {%- do problems.extend(crm_segmentation.factor_problems(who, experiment.variants)) -%}
    {{- return(problems) -}}
{% endmacro %}


{# A factorial experiment needs every combination of its levels exactly once, or a main effect would mix with another. #}
{% macro factor_problems(who, variants) %}
    {%- set problems = [] -%}
    {%- set levels = {} -%}
    {%- set combinations = [] -%}
    {%- for variant in variants if variant.get('factors') -%}
        {%- do combinations.append(variant.factors.items() | sort | string) -%}
        {%- for factor, level in variant.factors.items() -%}
            {%- do levels.setdefault(factor, []).append(level) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set needed = namespace(count=1) -%}
    {%- for factor in levels -%}
        {%- set needed.count = needed.count * (levels[factor] | unique | list | length) -%}
    {%- endfor -%}
    {%- if levels and (combinations | unique | list | length != needed.count or variants | length != needed.count) -%}
        {%- do problems.append(
            who ~ "has the factors " ~ levels.keys() | join(', ') ~ " in " ~ variants | length ~ " variants. Give every variant a level of every factor, "
            ~ "and list each of the " ~ needed.count ~ " combinations once."
        ) -%}
    {%- endif -%}
    {{- return(problems) -}}
{% endmacro %}
