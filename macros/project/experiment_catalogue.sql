{# The experiments in force: those of models/marts/experiments/experiments.yml, replaced or extended by the variable
   experiments; in alphabetical order, defaults filled in. #}
{% macro experiment_catalogue() %}
    {%- if not execute -%}{{- return([]) -}}{%- endif -%}
    {%- set by_name = {} -%}
    {%- for experiment in crm_segmentation.experiments_listed() -%}
        {%- do by_name.update({experiment.get('name'): {
            'name': experiment.get('name'),
            'hypothesis': experiment.get('hypothesis'),
            'segment': experiment.get('segment', 'all'),
            'assigned_by': experiment.get('assigned_by', 'hash'),
            'variants': experiment.get('variants') or [],
            'control': experiment.get('control', 'control'),
            'metrics': crm_segmentation.as_list(experiment.get('metrics')) or ['active', 'purchased', 'revenue'],
            'starts_on': experiment.get('starts_on') | string,
            'ends_on': experiment.get('ends_on') | string,
            'minimum_contacts': experiment.get('minimum_contacts', var('experiment_minimum_contacts')),
            'relevant_lift': experiment.get('relevant_lift', var('experiment_relevant_lift')),
        }}) -%}
    {%- endfor -%}
    {%- set experiments = [] -%}
    {%- for name in by_name.keys() | sort -%}
        {%- do experiments.append(by_name[name]) -%}
    {%- endfor -%}
    {{- return(experiments) -}}
{% endmacro %}


{# As they are written, those of the demo only with the demo's data. #}
{% macro experiments_listed() %}
    {%- set listed = [] -%}
    {%- for experiment in crm_segmentation.experiment_meta().get('experiments') or [] if var('demo_data') or not experiment.get('demo_only') -%}
        {%- do listed.append(experiment) -%}
    {%- endfor -%}
    {{- return(listed + (var('experiments') or [])) -}}
{% endmacro %}


{# What experiments.yml holds under config.meta: experiments and the metrics they may name. #}
{% macro experiment_meta() %}
    {{- return(crm_segmentation.model_meta('experiments')) -}}
{% endmacro %}


{# Rows of a select from a list of lists of SQL values; none when the list is empty. columns: name to type. #}
{% macro value_rows(columns, rows) -%}
    {%- for row in rows %}
    select
        {%- for name, data_type in columns.items() %}
        cast({{ row[loop.index0] }} as {{ data_type }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- else %}
    select
        {%- for name, data_type in columns.items() %}
        cast(null as {{ data_type }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    {{ crm_segmentation.no_rows() }}
    {%- endfor %}
{%- endmacro %}


{# The experiments in force as rows. #}
{% macro experiment_rows() -%}
    {%- set rows = [] -%}
    {%- for experiment in crm_segmentation.experiment_catalogue() -%}
        {%- do rows.append([
            crm_segmentation.sql_text(experiment.name), crm_segmentation.sql_text(experiment.hypothesis),
            crm_segmentation.sql_text(experiment.segment), crm_segmentation.sql_text(experiment.assigned_by),
            crm_segmentation.sql_text(experiment.control), "'" ~ experiment.starts_on ~ "'", "'" ~ experiment.ends_on ~ "'",
            experiment.minimum_contacts, experiment.relevant_lift,
        ]) -%}
    {%- endfor -%}
    {%- set text = dbt.type_string() -%}
    {{ crm_segmentation.value_rows({
        'experiment_name': text, 'hypothesis': text, 'segment_name': text, 'assigned_by': text, 'control_variant': text,
        'starts_on': 'date', 'ends_on': 'date', 'minimum_contacts': dbt.type_int(), 'relevant_lift': 'numeric(9, 6)',
    }, rows) }}
{%- endmacro %}


{# Their variants as rows. A contact whose bucket is from first_bucket to less than next_bucket of weight_total is in the variant. #}
{% macro experiment_variant_rows() -%}
    {%- set rows = [] -%}
    {%- for experiment in crm_segmentation.experiment_catalogue() -%}
        {%- set weight_total = experiment.variants | map(attribute='weight', default=1) | sum -%}
        {%- set place = namespace(first=0) -%}
        {%- for variant in experiment.variants -%}
            {%- set weight = variant.get('weight', 1) -%}
            {%- do rows.append([
                crm_segmentation.sql_text(experiment.name), crm_segmentation.sql_text(variant.name),
                weight, place.first, place.first + weight, weight_total,
            ]) -%}
            {%- set place.first = place.first + weight -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set number = dbt.type_int() -%}
    {{ crm_segmentation.value_rows({
        'experiment_name': dbt.type_string(), 'variant': dbt.type_string(),
        'weight': number, 'first_bucket': number, 'next_bucket': number, 'weight_total': number,
    }, rows) }}
{%- endmacro %}


{# The level of every factor in every variant of the factorial experiments. #}
{% macro experiment_factor_rows() -%}
    {%- set rows = [] -%}
    {%- for experiment in crm_segmentation.experiment_catalogue() -%}
        {%- for variant in experiment.variants -%}
            {%- for factor, level in (variant.get('factors') or {}).items() -%}
                {%- do rows.append([
                    crm_segmentation.sql_text(experiment.name), crm_segmentation.sql_text(variant.name),
                    crm_segmentation.sql_text(factor), crm_segmentation.sql_text(level),
                ]) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set text = dbt.type_string() -%}
    {{ crm_segmentation.value_rows({'experiment_name': text, 'variant': text, 'factor': text, 'factor_level': text}, rows) }}
{%- endmacro %}


{# The metrics of every experiment in force; under the name * those of an experiment that is known only from its assignments. #}
{% macro experiment_metric_rows() -%}
    {%- set by_name = {} -%}
    {%- for metric in crm_segmentation.experiment_meta().get('metrics') or [] -%}
        {%- do by_name.update({metric.name: metric}) -%}
    {%- endfor -%}
    {%- set rows = [] -%}
    {%- for experiment in [{'name': '*', 'metrics': ['active', 'purchased', 'revenue']}] + crm_segmentation.experiment_catalogue() -%}
        {%- for name in experiment.metrics if name in by_name -%}
            {%- set metric = by_name[name] -%}
            {%- do rows.append([
                crm_segmentation.sql_text(experiment.name), crm_segmentation.sql_text(name), crm_segmentation.sql_text(metric.kind),
                crm_segmentation.sql_text(metric.get('event_name')), 'true' if metric.get('lower_is_better') else 'false',
            ]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set text = dbt.type_string() -%}
    {{ crm_segmentation.value_rows({
        'experiment_name': text, 'metric': text, 'metric_kind': text, 'event_name': text, 'lower_is_better': 'boolean',
    }, rows) }}
{%- endmacro %}
