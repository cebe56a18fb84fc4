{# Every raw table and the base model that judges its rows. #}
{% macro base_models() -%}
    {{- return({
        'raw_contacts': ref('base_people__contacts'),
        'raw_contact_identifiers': ref('base_people__contact_identifiers'),
        'raw_orders': ref('base_commerce__orders'),
        'raw_order_items': ref('base_commerce__order_items'),
        'raw_products': ref('base_commerce__products'),
        'raw_events': ref('base_activity__events'),
        'raw_campaigns': ref('base_activity__campaigns'),
        'raw_consents': ref('base_people__consents'),
        'raw_contact_tags': ref('base_people__contact_tags'),
        'raw_contact_attributes': ref('base_people__contact_attributes'),
        'raw_experiment_assignments': ref('base_activity__experiment_assignments'),
        'raw_exchange_rates': ref('base_commerce__exchange_rates'),
    }) -}}
{%- endmacro %}


{# Every raw table and the model that holds its rejected rows as they arrived. #}
{% macro models_with_raw_values() -%}
    {%- set models = crm_segmentation.base_models() -%}
    {%- do models.update({'raw_orders': ref('base_commerce__order_rows')}) -%}
    {{- return(models) -}}
{%- endmacro %}


{# The text that arrived, under the names of the contract, as one JSON object with its keys in contract order.
   Written out, because no two engines format JSON alike. The group separator stands for the quotes of JSON itself until
   those of the values are escaped. #}
{% macro raw_values_json(raw_table) -%}
    {%- if not execute -%}{{- return("''") -}}{%- endif -%}
    {%- set pairs = [] -%}
    {%- for column in crm_segmentation.raw_contract(raw_table).columns.values() -%}
        {%- set text = column.name if column.data_type == 'text' else 'raw_' ~ column.name -%}
        {%- do pairs.extend(["chr(29)", "'" ~ column.name ~ "'", "chr(29)", "': '", "coalesce(chr(29) || cast(" ~ text ~ " as " ~ dbt.type_string() ~ ") || chr(29), 'null')"]) -%}
        {%- do pairs.append("', '") if not loop.last -%}
    {%- endfor -%}
    '{' || {{ crm_segmentation.json_escaped(dbt.concat(pairs)) }} || '}'
{%- endmacro %}


{# A text with what JSON forbids within quotes escaped, and group separators turned into quotes. #}
{% macro json_escaped(text) -%}
    {%- set steps = [
        ('chr(92)', 'chr(92) || chr(92)'), ('chr(34)', 'chr(92) || chr(34)'), ('chr(10)', "chr(92) || 'n'"),
        ('chr(13)', "chr(92) || 'r'"), ('chr(9)', "chr(92) || 't'"), ('chr(29)', 'chr(34)'),
    ] -%}
    {%- set state = namespace(expression=text) -%}
    {%- for character, escaped in steps -%}
        {%- set state.expression = 'replace(' ~ state.expression ~ ', ' ~ character ~ ', ' ~ escaped ~ ')' -%}
    {%- endfor -%}
    {{- state.expression -}}
{%- endmacro %}


{# A key of the person that a raw row is about, or null where the table has none of the columns. #}
{% macro raw_person_key(raw_table, columns, key) -%}
    {%- set contract = crm_segmentation.raw_contract(raw_table) if execute else none -%}
    {%- if contract and columns | reject('in', contract.columns) | list | length == 0 -%}
        {{ key }}
    {%- else -%}
        cast(null as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
