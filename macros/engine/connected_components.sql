{# Builds a table (node, component) from a model that selects edges (node_a, node_b) of whole numbers
   from 0 to 2147483646: component is the lowest node that a node is connected to, over any number of steps.

   Randomised contraction (Boegeholz, Brand, Todor 2019, "In-database connected component analysis"): in every
   round each node joins the neighbour that comes first in a fresh order, so the graph shrinks by a constant factor and
   the number of rounds grows with the logarithm of the longest chain. The order, v -> (a v + b) mod p, is
   reversible arithmetic with fixed a and b: no chance, the same on every engine. #}
{% materialization connected_components, default %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set prime = 2147483647 -%}
    {# 48271 and its inverse modulo the prime #}
    {%- set state = namespace(a=48271, inverse=1899818559, rounds=0, done=false) -%}
    {%- set edges = crm_segmentation.scratch_relation('edges_0') -%}
    {%- set scratch = [edges] -%}

    {{ run_hooks(pre_hooks) }}

    {# What an interrupted run left behind. #}
    {%- do adapter.drop_relation(edges) -%}
    {% call statement('edges') -%}
        {{ create_table_as(false, edges, crm_segmentation.undirected_edges(sql)) }}
    {%- endcall %}

    {%- for step in range(64) if not state.done -%}
        {%- set count = run_query('select count(*) as edge_count from ' ~ scratch[-1]).rows[0][0] | int -%}
        {%- if count == 0 -%}
            {%- set state.done = true -%}
        {%- else -%}
            {%- set order = 'cast(' ~ crm_segmentation.remainder('(cast(' ~ state.a ~ ' as bigint) * {} + ' ~ (step + 1) ~ ')', prime) ~ ' as bigint)' -%}
            {%- set from_edges = scratch[-1] -%}
            {%- set leaders = crm_segmentation.scratch_relation('leaders_' ~ step) -%}
            {%- set next_edges = crm_segmentation.scratch_relation('edges_' ~ (step + 1)) -%}
            {%- do adapter.drop_relation(leaders) -%}
            {%- do adapter.drop_relation(next_edges) -%}
            {% call statement('leaders_' ~ step) -%}
                {{ create_table_as(false, leaders, crm_segmentation.first_neighbours(from_edges, order, state.inverse, step + 1, prime)) }}
            {%- endcall %}
            {% call statement('edges_' ~ step) -%}
                {{ create_table_as(false, next_edges, crm_segmentation.contracted_edges(from_edges, leaders)) }}
            {%- endcall %}
            {%- do scratch.append(leaders) -%}
            {%- do scratch.append(next_edges) -%}
            {%- set state.rounds = state.rounds + 1 -%}
            {%- set state.a = (state.a * 48271) % prime -%}
            {%- set state.inverse = (state.inverse * 1899818559) % prime -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not state.done -%}
        {{- exceptions.raise_compiler_error("connected_components: " ~ this ~ " did not converge in 64 rounds; its edges are not whole numbers from 0 to 2147483646.") -}}
    {%- endif -%}

    {%- do adapter.drop_relation(load_relation(this)) if load_relation(this) is not none -%}
    {% call statement('main') -%}
        {{ create_table_as(false, target_relation, crm_segmentation.components_of_rounds(state.rounds)) }}
    {%- endcall %}
    {%- for relation in scratch -%}
        {%- do adapter.drop_relation(relation) -%}
    {%- endfor -%}

    {{ run_hooks(post_hooks) }}
    {% do persist_docs(target_relation, model) %}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{# A table beside the model that lives while the model is built. #}
{% macro scratch_relation(suffix) %}
    {{- return(api.Relation.create(
        database=this.database, schema=this.schema, identifier=this.identifier ~ '__' ~ suffix, type='table'
    )) -}}
{% endmacro %}


{% macro undirected_edges(edges_sql) %}
    select distinct
        cast({{ crm_segmentation.least_of(['node_a', 'node_b']) }} as bigint) as node_a,
        cast({{ crm_segmentation.greatest_of(['node_a', 'node_b']) }} as bigint) as node_b
    from ({{ edges_sql }}) as edges
    where node_a != node_b
{% endmacro %}


{# For every node the first, in this round's order, of itself and its neighbours. #}
{% macro first_neighbours(edges, order, inverse, offset, prime) %}
    {%- set place = crm_segmentation.remainder('(min(place) - ' ~ offset ~ ' + ' ~ prime ~ ')', prime) %}
    select
        node,
        {{ crm_segmentation.remainder('(' ~ place ~ ') * cast(' ~ inverse ~ ' as bigint)', prime) }} as leader
    from (
        select
            node_a as node,
            {{ crm_segmentation.least_of([order.format('node_a'), order.format('node_b')]) }} as place
        from {{ edges }}
        union all
        select
            node_b as node,
            {{ crm_segmentation.least_of([order.format('node_a'), order.format('node_b')]) }} as place
        from {{ edges }}
    ) as neighbours
    group by node
{% endmacro %}


{# Unequal leaders are told by the lesser and the greater: of a bare != DuckDB makes a join of all leaders with all others,
   because it holds a table of the same transaction for empty. #}
{% macro contracted_edges(edges, leaders) %}
    {%- set lesser = crm_segmentation.least_of(['leaders_a.leader', 'leaders_b.leader']) -%}
    {%- set greater = crm_segmentation.greatest_of(['leaders_a.leader', 'leaders_b.leader']) %}
    select distinct
        {{ lesser }} as node_a,
        {{ greater }} as node_b
    from {{ edges }} as edges
    inner join {{ leaders }} as leaders_a on edges.node_a = leaders_a.node
    inner join {{ leaders }} as leaders_b on edges.node_b = leaders_b.node
    where {{ lesser }} != {{ greater }}
{% endmacro %}


{# Follows each node from its leader in the first round to the last one, then names the component by its lowest node. Trino's
   coalesce takes no value alone, hence the null. #}
{% macro components_of_rounds(rounds) %}
    {%- if rounds == 0 %}
    select cast(null as bigint) as node, cast(null as bigint) as component {{ crm_segmentation.no_rows() }}
    {%- else %}
    select
        node,
        cast(min(node) over (partition by last_leader) as bigint) as component
    from (
        select
            leaders_0.node,
            coalesce({% for step in range(rounds - 1, -1, -1) %}leaders_{{ step }}.leader, {% endfor %}null) as last_leader
        from {{ crm_segmentation.scratch_relation('leaders_0') }} as leaders_0
        {%- for step in range(1, rounds) %}
        left join {{ crm_segmentation.scratch_relation('leaders_' ~ step) }} as leaders_{{ step }}
            on coalesce({% for earlier in range(step - 1, -1, -1) %}leaders_{{ earlier }}.leader, {% endfor %}null) = leaders_{{ step }}.node
        {%- endfor %}
    ) as nodes
    {%- endif %}
{% endmacro %}
